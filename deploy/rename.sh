#!/bin/bash
# Gives the house another name: certificate, proxy, origin, and a redirect from the old name.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: rename.sh <name> [--certificate [--email <address>]] [--dry-run]

  --certificate   have certbot get a certificate for the new name first; the name has to point at
                  this machine already
  --email <address>
                  register with the certificate authority under this address, and agree to its terms; needed
                  once, if certbot has never been used on this machine
  --dry-run       say what would be done, change nothing

Steps: certificate, proxy (the old name redirects to the new one permanently), PUBLIC_ORIGIN, restart. After a
fault, run the same command again; to go back: rename.sh <old name>.
Traders sign in again at the new address; wallets find their accounts. Practice accounts are lost, because
browsers keep their key for the old address. Programs have to sign the new address.
Exit codes: 0 renamed, 1 not, 2 wrong usage.
TEXT
}

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
root=${DESTDIR:-}
new='' certificate=no email='' dry=no

say() { printf 'rename: %s\n' "$*"; }
fail() { printf 'rename: %s\n' "$*" >&2; exit 1; }
wrong() { printf 'rename: %s\n\n' "$*" >&2; usage >&2; exit 2; }

# shellcheck disable=SC2034
release_signers=''
# shellcheck source=provision/options.sh
. "$here/provision/options.sh"

while [ $# -gt 0 ]; do
  case $1 in
    --certificate) certificate=yes; shift ;;
    --email) [ $# -ge 2 ] || wrong '--email needs an address'; email=$2; shift 2 ;;
    --dry-run) dry=yes; shift ;;
    --help) usage; exit 0 ;;
    -*) wrong "unknown option: $1" ;;
    *) [ -z "$new" ] || wrong "expected one name; $1 is a second"; new=$1; shift ;;
  esac
done
[ -n "$new" ] || wrong 'expected the new name'
is_name "$new" || wrong "expected a host name in lower case, not $new"
[ -f "$root$machine_conf" ] || fail "this machine is not provisioned: $machine_conf does not exist"
recall_options
old=$SERVER_NAME
settings=$root/etc/tapgrid/tapgrid.env
tls=$root/etc/tapgrid/tls
live=$root/etc/letsencrypt/live/$new

# Without a terminal certbot asks nobody, and says so in words of its own.
is_registered() { find "$root/etc/letsencrypt/accounts" -name regr.json 2>/dev/null | grep -q .; }
if [ "$certificate" = yes ] && [ -z "$email" ] && ! is_registered; then
  fail 'certbot has no account here yet: add --email ADDRESS, which also agrees to the terms of the authority'
fi

if [ "$dry" = yes ]; then
  say "would rename $old to $new"
  if [ "$certificate" = yes ]; then say "would request a certificate for $new"; fi
  say "would redirect $old to $new, set PUBLIC_ORIGIN=https://$new, and restart the server"
  exit 0
fi
[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail 'run this as root'

get_certificate() {
  local account=()
  if [ -n "$email" ]; then account=(--email "$email" --agree-tos); fi
  say "certificate for $new"
  # Any name is answered what certbot asks, so it is there before the first trader comes.
  certbot certonly --non-interactive --keep-until-expiring --webroot --webroot-path /var/lib/tapgrid-acme \
    --domain "$new" "${account[@]}" ||
    fail "no certificate for $new; certbot says why above. Nothing was changed"
}

# Certificates of former names lie in folders of their own; the present one where nginx has always found it.
change_names() {
  local name kept=''
  install -d -m 0700 "$tls/$old"
  for name in fullchain.pem privkey.pem; do
    if [ -f "$tls/$name" ]; then mv "$tls/$name" "$tls/$old/"; fi
  done
  if [ -d "$tls/$new" ]; then
    find "$tls/$new" -type f -exec mv --target-directory="$tls" {} +
    rmdir "$tls/$new"
  fi
  if [ -d "$live" ]; then
    install -m 0600 "$live/privkey.pem" "$tls/privkey.pem"
    install -m 0644 "$live/fullchain.pem" "$tls/fullchain.pem"
  fi
  for name in $FORMER_NAMES $old; do if [ "$name" != "$new" ]; then kept="$kept $name"; fi; done
  write_names "$new" "${kept# }"
}
write_names() {
  local path=$root$machine_conf
  sed -e "s/^SERVER_NAME=.*/SERVER_NAME=$1/" -e "s/^FORMER_NAMES=.*/FORMER_NAMES=$2/" "$path" >"$path.new"
  chmod 0644 "$path.new"
  mv -f "$path.new" "$path"
}

# One line of the operator's file; the rest of it, its owner and its mode stay.
change_origin() {
  local changed line='^[[:space:]]*PUBLIC_ORIGIN[[:space:]]*='
  if grep -q "$line" "$settings"; then
    changed=$(sed "s|$line.*|PUBLIC_ORIGIN=https://$new|" "$settings"; printf x)
  else
    changed=$(cat "$settings"; printf 'PUBLIC_ORIGIN=https://%s\nx' "$new")
  fi
  if [ "$(cat "$settings"; printf x)" != "$changed" ]; then
    printf '%s' "${changed%x}" >"$settings.new"
    chown --reference="$settings" "$settings.new"
    chmod --reference="$settings" "$settings.new"
    mv -f "$settings.new" "$settings"
  fi
}

restart() {
  local end=$((SECONDS + 60)) socket=/run/tapgrid/http.sock
  if [ -n "$root" ] || ! [ -x /opt/tapgrid/current/tapgrid ]; then return 0; fi
  systemctl restart tapgrid 'tapgrid-edge@*.service' ||
    fail "the server does not start: see journalctl -u tapgrid. To go back: rename.sh $old"
  until curl --silent --max-time 2 --unix-socket $socket http://localhost/readyz | grep -q true; do
    [ $SECONDS -lt $end ] || fail 'the server does not serve after a minute: see journalctl -u tapgrid'
    sleep 0.2
  done
}

if [ "$certificate" = yes ]; then get_certificate; fi
if [ "$old" != "$new" ]; then
  say "$old becomes $new"
  change_names
fi
change_origin
"$here/provision.sh" --files-only | sed -n 's/^  \(.*\)/rename: \1/p'
restart
recall_options
say "the house is https://$new${FORMER_NAMES:+; redirected to it: ${FORMER_NAMES// /, }}"
say 'traders sign in again there; wallets find their accounts, practice accounts are lost'
say 'programs have to sign the new address'
if [ ! -d "$live" ]; then
  say "$new has only a self-signed certificate, which browsers refuse: add --certificate"
fi
