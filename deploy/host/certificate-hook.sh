#!/bin/sh
# Run by certbot after each renewal: the certificate goes to where nginx reads it.
set -eu
install -m 0600 "$RENEWED_LINEAGE/privkey.pem" /etc/tapgrid/tls/privkey.pem
install -m 0644 "$RENEWED_LINEAGE/fullchain.pem" /etc/tapgrid/tls/fullchain.pem
systemctl reload nginx
