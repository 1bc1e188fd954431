#!/bin/bash
# Puts a release into service, or takes it back. The one server holds the books, so the old one stops before the new one starts: about two seconds in
# which the proxy says 503 with a time to come back, and sockets are closed with 1012, which tells their pages to come back spread out.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy.sh <folder or .tar.gz of a release> [--version <name>] [--no-rehearsal] [--dry-run]
       deploy.sh --rollback [--dry-run]
       deploy.sh --list

  --version <name>   the name of the release; else the version of its package.json and the time
  --no-rehearsal     do not try it on a copy of the books first
  --rollback         back to the release before this one
  --list             the releases here; * is in service
  --dry-run          say what would be done, change nothing

Steps: unpack, install packages, rehearse on a copy of the books, stop, copy the books when the release changes their schema, switch, start, wait for
readiness, look again, remove old releases. When the new one does not become ready, the old one is put back.
Exit codes: 0 in service, 1 not in service and the old one is, 2 wrong usage, 3 a person has to decide (see docs/runbook.md, Upgrade).
TEXT
}

base=${TAPGRID_ROOT:-/opt/tapgrid}
data=${TAPGRID_DATA:-/var/lib/tapgrid}
socket=${TAPGRID_SOCKET:-/run/tapgrid/http.sock}
ready_seconds=${TAPGRID_READY_SECONDS:-90}
settle_seconds=${TAPGRID_SETTLE_SECONDS:-5}
releases_kept=5
bun=$base/bun/current/bun
environment=${TAPGRID_ENVIRONMENT:-/etc/tapgrid/tapgrid.env}
source='' version='' rehearsal=yes dry=no action=deploy

say() { printf 'deploy: %s\n' "$*"; }
fail() { printf 'deploy: %s\n' "$*" >&2; exit 1; }
wrong() { printf 'deploy: %s\n\n' "$*" >&2; usage >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --version) [ $# -ge 2 ] || wrong '--version needs a name'; version=$2; shift 2 ;;
    --no-rehearsal) rehearsal=no; shift ;;
    --rollback) action=rollback; shift ;;
    --list) action=list; shift ;;
    --dry-run) dry=yes; shift ;;
    --help) usage; exit 0 ;;
    -*) wrong "not understood: $1" ;;
    *) [ -z "$source" ] || wrong "one release at a time: $1"; source=$1; shift ;;
  esac
done

current() { basename "$(readlink "$base/current" 2>/dev/null || echo none)"; }
previous() { basename "$(readlink "$base/previous" 2>/dev/null || echo none)"; }
migrations_of() { if [ -d "$base/releases/$1/migrations" ]; then (cd "$base/releases/$1/migrations" && ls); fi; }
# Names that the second release has and the first has not.
new_migrations() { comm -13 <(migrations_of "$1") <(migrations_of "$2"); }

# As the server's user where there is one and this is root.
as_server() {
  if [ "$(id -u)" = 0 ] && id tapgrid >/dev/null 2>&1; then runuser -u tapgrid -- "$@"; else "$@"; fi
}

is_ready() { [ "$(curl --silent --max-time 2 --unix-socket "$socket" http://localhost/readyz || true)" = '{"ready":true}' ]; }

wait_until_ready() {
  local end=$((SECONDS + ready_seconds))
  until is_ready; do
    if systemctl is-failed --quiet tapgrid; then return 1; fi
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# Ready, and still the same process and ready after a moment: one that falls over again and again is not in service.
holds() {
  local before
  before=$(systemctl show --value -p MainPID tapgrid)
  sleep "$settle_seconds"
  [ "$(systemctl show --value -p MainPID tapgrid)" = "$before" ] && is_ready
}

point() { ln -sfn "releases/$2" "$base/$1.new" && mv -fT "$base/$1.new" "$base/$1"; }

newest_first() { find "$base/releases" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %f\n' 2>/dev/null | sort -rn | cut -d' ' -f2; }

list_releases() {
  local name
  newest_first | while read -r name; do
    case $name in "$(current)") say "* $name" ;; "$(previous)") say "- $name (the one before)" ;; *) say "  $name" ;; esac
  done
}

unpack() {
  local target=$base/releases/$version unfinished=$base/releases/.$version.unfinished
  rm -rf "$unfinished"
  mkdir -p "$unfinished"
  if [ -d "$source" ]; then
    tar -C "$source" --exclude=./.git --exclude=./.tools --exclude=./coverage --exclude=./data -cf - . | tar -C "$unfinished" -xf -
  else
    tar -C "$unfinished" --strip-components=1 -xzf "$source"
  fi
  [ -f "$unfinished/server/main.ts" ] || { rm -rf "$unfinished"; fail 'this is no release of Tapgrid'; }
  local wanted
  wanted=$(sed -n 's/^ *"bun": *"\([0-9][0-9.]*\)".*/\1/p' "$unfinished/package.json" | head -n 1)
  [ "$("$bun" --version)" = "$wanted" ] || { rm -rf "$unfinished"; fail "it needs Bun $wanted: run its provision.sh first"; }
  # A release that brings its packages is taken as it is.
  if [ ! -d "$unfinished/node_modules" ]; then (cd "$unfinished" && "$bun" install --frozen-lockfile --production --no-progress >/dev/null) || { rm -rf "$unfinished"; fail 'its packages could not be installed'; }; fi
  chmod -R go-w,a+rX "$unfinished"
  touch "$unfinished"
  mv -T "$unfinished" "$target"
}

rehearse() {
  # The settings are the real ones; what the rehearsal must not touch is set aside by itself.
  # shellcheck source=/dev/null
  (set -a; if [ -r "$environment" ]; then . "$environment"; fi; set +a; as_server "$bun" "$base/releases/$version/deploy/rehearse.ts" "$base/releases/$version" "$data")
}

cold_copy() {
  local kept=$data/before-$version file
  rm -rf "$kept"
  as_server mkdir -m 0700 "$kept"
  for file in "$data"/tapgrid.db "$data"/tapgrid.db-wal; do [ ! -e "$file" ] || as_server cp --reflink=auto --preserve "$file" "$kept/"; done
}
put_back() {
  rm -f "$data/tapgrid.db" "$data/tapgrid.db-wal" "$data/tapgrid.db-shm"
  as_server cp --reflink=auto --preserve "$data/before-$version/"tapgrid.db* "$data/"
}

# back_to <release> after a failed one: never across a schema that took bets.
back_to() {
  local old=$1
  if [ "$old" = none ]; then systemctl stop tapgrid || true; fail 'there is no release to go back to'; fi
  say "back to $old"
  systemctl stop tapgrid || true
  if [ -n "$added" ]; then put_back; fi
  point current "$old"
  systemctl reset-failed tapgrid || true
  systemctl start tapgrid || true
  wait_until_ready || { say 'the old release does not become ready either'; exit 3; }
  fail "$version is not in service; $old is"
}

switch_to() {
  local old
  old=$(current)
  added=$(if [ "$old" != none ]; then new_migrations "$old" "$version"; fi)
  if [ -n "$(if [ "$old" != none ]; then new_migrations "$version" "$old"; fi)" ]; then
    say "the books have a schema that $version does not know; see docs/runbook.md, Roll back"
    exit 3
  fi
  say "stopping $old, starting $version"
  systemctl stop tapgrid
  if [ -n "$added" ]; then say "it changes the schema: $added"; cold_copy; fi
  point current "$version"
  systemctl reset-failed tapgrid 2>/dev/null || true
  if ! systemctl start tapgrid || ! wait_until_ready; then
    say "$version did not become ready"
    back_to "$old"
  fi
  if ! holds; then
    say "$version did not hold"
    if [ -n "$added" ]; then say 'it may have taken bets under its new schema, so the old books are not put back'; exit 3; fi
    back_to "$old"
  fi
  if [ "$old" != none ] && [ "$old" != "$version" ]; then point previous "$old"; fi
  say "$version is in service"
}

remove_old() {
  local name count=0
  newest_first | while read -r name; do
    count=$((count + 1))
    if [ $count -gt $releases_kept ] && [ "$name" != "$(current)" ] && [ "$name" != "$(previous)" ]; then rm -rf "${base:?}/releases/$name" "$data/before-$name"; fi
  done
}

case $action in
  list) list_releases ;;
  rollback)
    version=$(previous)
    [ "$version" != none ] || fail 'there is no release before this one'
    if [ "$dry" = yes ]; then say "would go back from $(current) to $version"; exit 0; fi
    switch_to
    ;;
  deploy)
    [ -n "$source" ] || wrong 'which release?'
    [ -e "$source" ] || wrong "there is no $source"
    if [ -z "$version" ] && [ -d "$source" ]; then version=$(sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' "$source/package.json" | head -n 1)-$(date -u +%Y%m%d%H%M%S); fi
    if [ -z "$version" ]; then version=$(basename "$source" .tar.gz); fi
    [[ $version =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$ ]] || wrong "no name for a release: $version"
    [ ! -e "$base/releases/$version" ] || fail "$version is here already; another name, or --rollback"
    if [ "$dry" = yes ]; then
      say "would unpack $source as $version"
      if [ "$rehearsal" = yes ]; then say "would rehearse it on a copy of $data/tapgrid.db"; fi
      say "would stop $(current), start $version, wait up to $ready_seconds s, and go back if it is not ready"
      exit 0
    fi
    [ -x "$bun" ] || fail "there is no Bun at $bun: run provision.sh first"
    unpack
    if [ "$rehearsal" = yes ] && ! rehearse; then rm -rf "${base:?}/releases/$version"; fail 'the rehearsal failed: nothing was changed'; fi
    switch_to
    remove_old
    # Each release begins with a copy of the books that is proven.
    systemctl start tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer || say 'the timers of the jobs do not start'
    systemctl restart --no-block tapgrid-tail.service || true
    systemctl start --no-block tapgrid-backup.service tapgrid-integrity.service || true
    ;;
esac
