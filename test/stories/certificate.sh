#!/bin/bash
# For the stories: a certificate for localhost from the first of January 2025 on.
# usage: certificate.sh <folder> <days that it holds>
set -euo pipefail
cd "$1"
end=$(date --utc --date "2025-01-01 + $2 days" +%Y%m%d000000Z)
rm -rf authority && mkdir authority && touch authority/index && echo 01 >authority/serial
cat >authority/conf <<'END'
[ca]
default_ca = c
[c]
database = authority/index
serial = authority/serial
new_certs_dir = authority
default_md = sha256
policy = p
[p]
commonName = supplied
END
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -subj /CN=localhost \
  -out request 2>/dev/null
openssl ca -batch -selfsign -config authority/conf -keyfile key -in request -out signed \
  -startdate 20250101000000Z -enddate "$end" 2>/dev/null
openssl x509 -in signed -out certificate
