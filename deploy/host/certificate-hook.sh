#!/bin/sh
# Run by certbot after each renewal, of whichever certificate of this machine: those for names of this house
# go to where nginx reads them, others are left alone.
set -eu
taken=no
options=${TAPGRID_MACHINE_CONF:-/etc/tapgrid/machine.conf}
tls=${TAPGRID_TLS:-/etc/tapgrid/tls}
server_name=$(sed -n 's/^SERVER_NAME=//p' "$options")
former_names=$(sed -n 's/^FORMER_NAMES=//p' "$options")

# take <folder>: first the key's place is filled, then the certificate's; nginx reads both only when it is
# told.
take() {
  install -m 0600 "$RENEWED_LINEAGE/privkey.pem" "$1/privkey.pem"
  install -m 0644 "$RENEWED_LINEAGE/fullchain.pem" "$1/fullchain.pem"
  taken=yes
}
for name in $RENEWED_DOMAINS; do
  if [ "$name" = "$server_name" ]; then take "$tls"; fi
  for former in $former_names; do if [ "$name" = "$former" ]; then take "$tls/$former"; fi; done
done
if [ "$taken" = yes ]; then systemctl reload nginx; else echo "not for this house: $RENEWED_DOMAINS"; fi
