#!/bin/bash
# Puts a release into service, or takes it back. The one server holds the books, so the old one stops before the new one starts: about two seconds in
# which the proxy says 503 with a time to come back, and sockets are closed with 1012, which tells their pages to come back spread out.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy.sh <.tar.gz or folder of a release> [--version <name>] [--unverified] [--no-rehearsal] [--dry-run]
       deploy.sh --rollback [--dry-run]
       deploy.sh --list

  --version <name>   another name for the release than its version
  --unverified       take it without a signature, and whatever its checksums say
  --no-rehearsal     do not try it on a copy of the books first
  --rollback         back to the release before this one
  --list             the releases here; * is in service
  --dry-run          say what would be done, change nothing

Steps: unpack, check signature and checksums, rehearse on a copy of the books, install units, proxy, packet filter and alerts of the release, stop,
copy the books when the release changes their schema, switch, start, wait until it serves, look again, start the jobs, remove old releases. When the
new one does not serve, the old one is put back, and what it brought along too. The same can be given again.
Exit codes: 0 in service, 1 not in service and the old one is, 2 wrong usage, 3 a person has to decide (see docs/runbook.md, Upgrade).
TEXT
}

base=${TAPGRID_ROOT:-/opt/tapgrid}
socket=${TAPGRID_SOCKET:-/run/tapgrid/http.sock}
operations=${TAPGRID_OPERATIONS:-/run/tapgrid/operations.sock}
signers=${TAPGRID_SIGNERS:-/etc/tapgrid/release-signers}
ready_seconds=${TAPGRID_READY_SECONDS:-90}
settle_seconds=${TAPGRID_SETTLE_SECONDS:-5}
releases_kept=5
source='' version='' rehearsal=yes verified=yes dry=no action=deploy added='' data=''

# Whoever watches may go away in the middle, and the house must not stand still for it.
trap '' HUP PIPE
say() { printf 'deploy: %s\n' "$*" || true; }
fail() { printf 'deploy: %s\n' "$*" >&2 || true; exit 1; }
wrong() { printf 'deploy: %s\n\n' "$*" >&2; usage >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --version) [ $# -ge 2 ] || wrong '--version needs a name'; version=$2; shift 2 ;;
    --unverified) verified=no; shift ;;
    --no-rehearsal) rehearsal=no; shift ;;
    --rollback) action=rollback; shift ;;
    --list) action=list; shift ;;
    --dry-run) dry=yes; shift ;;
    --help) usage; exit 0 ;;
    -*) wrong "not understood: $1" ;;
    *) [ -z "$source" ] || wrong "one release at a time: $1"; source=$1; shift ;;
  esac
done

release() { printf '%s/releases/%s' "$base" "$1"; }
current() { basename "$(readlink "$base/current" 2>/dev/null || echo none)"; }
previous() { basename "$(readlink "$base/previous" 2>/dev/null || echo none)"; }
point() { ln -sfn "releases/$2" "$base/$1.new" && mv -fT "$base/$1.new" "$base/$1"; }
migrations_of() { if [ -f "$(release "$1")/release.json" ]; then jq --raw-output '.migrations[]' "$(release "$1")/release.json"; else ls "$(release "$1")/migrations"; fi; }
# Names that the second release has and the first has not.
new_migrations() { comm -13 <(migrations_of "$1" | sort) <(migrations_of "$2" | sort); }

# program <release> <words …>: its own program, as the server's user, with the settings and secrets of the server.
program() {
  local from
  from=$(release "$1")
  shift
  TAPGRID_RELEASE=$from "${TAPGRID_RUNNER:-$from/deploy/host/tapgrid}" "$@"
}
# What the release brings along: units, proxy, packet filter, alerts. One from before there was such a thing brings nothing.
install_files() {
  local script
  script=$(release "$1")/deploy/provision.sh
  if grep -q -e --files-only "$script" 2>/dev/null; then "$script" --files-only | sed -n 's/^  \(.*\)/deploy: \1/p'; fi
}
# As the server's user where there is one and this is root.
as_server() {
  if [ "$(id -u)" = 0 ] && id tapgrid >/dev/null 2>&1; then runuser -u tapgrid -- "$@"; else "$@"; fi
}

serves() { [ "$(curl --silent --max-time 2 --unix-socket "$socket" http://localhost/readyz || true)" = '{"ready":true}' ]; }
wait_until_it_serves() {
  local end=$((SECONDS + ready_seconds))
  until serves; do
    if systemctl is-failed --quiet tapgrid; then return 1; fi
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}
# It serves, and is still the same process and serves after a moment: one that falls over again and again is not in service.
holds() {
  local before
  before=$(systemctl show --value -p MainPID tapgrid)
  sleep "$settle_seconds"
  [ "$(systemctl show --value -p MainPID tapgrid)" = "$before" ] && serves
}
why() { journalctl --unit tapgrid --since "@$started" --output cat --no-pager 2>/dev/null | tail -n 12 | sed 's/^/  | /' || true; }

newest_first() { find "$base/releases" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %f\n' 2>/dev/null | sort -rn | cut -d' ' -f2; }
list_releases() {
  local name
  newest_first | while read -r name; do
    case $name in "$(current)") say "* $name" ;; "$(previous)") say "- $name (the one before)" ;; *) say "  $name" ;; esac
  done
}

# is_whole <folder>: every file is the one that was built, there is no other, and somebody whom this machine trusts has signed for it.
is_whole() {
  local odd
  [ "$verified" = yes ] || { say 'UNVERIFIED: nobody has looked at its signature and checksums'; return 0; }
  [ -f "$1/SHA256SUMS" ] || { say 'it has no SHA256SUMS'; return 1; }
  odd=$(cd "$1" && find . ! -type f ! -type d)
  [ -z "$odd" ] || { say "neither file nor folder: $odd"; return 1; }
  odd=$(comm -3 <(cd "$1" && find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig -printf '%P\n' | sort) <(cut -c 67- "$1/SHA256SUMS" | sort))
  [ -z "$odd" ] || { say "files too many or too few: $odd"; return 1; }
  (cd "$1" && sha256sum --check --strict --quiet SHA256SUMS) || { say 'its files are not those that were built'; return 1; }
  if [ ! -f "$signers" ]; then say "no signature was asked for: provision.sh --release-signers says whose it has to be"; return 0; fi
  [ -f "$1/SHA256SUMS.sig" ] || { say 'it is not signed, and this machine takes signed releases alone'; return 1; }
  ssh-keygen -Y verify -f "$signers" -I tapgrid -n tapgrid-release -s "$1/SHA256SUMS.sig" <"$1/SHA256SUMS" >/dev/null 2>&1 ||
    { say "its signature is none of those in $signers"; return 1; }
}

unpack() {
  local unfinished=$base/releases/.unfinished target machine
  rm -rf "$unfinished"
  mkdir -p "$unfinished"
  if [ -d "$source" ]; then cp -r --no-dereference "$source/." "$unfinished/"; else tar -C "$unfinished" --strip-components=1 --no-same-owner -xzf "$source" || refuse_source 'the archive cannot be read'; fi
  if ! [ -f "$unfinished/release.json" ] || ! [ -x "$unfinished/tapgrid" ]; then refuse_source 'this is no release of Tapgrid; one is made by scripts/build-release.ts'; fi
  is_whole "$unfinished" || refuse_source 'not taken'
  machine=$(jq --raw-output .processor "$unfinished/release.json")
  case "$(uname -m) $machine" in 'x86_64 x64' | 'aarch64 arm64') ;; *) refuse_source "it was built for $machine, and this machine is $(uname -m)" ;; esac
  if [ -z "$version" ]; then version=$(jq --raw-output .version "$unfinished/release.json"); fi
  [[ $version =~ ^[A-Za-z0-9][A-Za-z0-9.+~_-]{0,80}$ ]] || { rm -rf "$unfinished"; wrong "no name for a release: $version"; }
  target=$(release "$version")
  if [ -e "$target" ]; then
    cmp --silent "$unfinished/SHA256SUMS" "$target/SHA256SUMS" || refuse_source "another build is here as $version: --version gives this one another name"
    say "$version is here already"
    rm -rf "$unfinished"
    return
  fi
  chmod -R go-w,a+rX "$unfinished"
  touch "$unfinished"
  mv -T "$unfinished" "$target"
}
refuse_source() { rm -rf "$base/releases/.unfinished"; fail "$*"; }

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
  systemctl stop tapgrid || true
  if [ "$old" = none ]; then
    rm -f "$base/current"
    fail "$version is not in service, and there is none to go back to. When the cause is gone, give the same command again"
  fi
  say "back to $old"
  if [ -n "$added" ]; then put_back; fi
  point current "$old"
  install_files "$old" || say "not all that $old brings along could be put back: its provision.sh says why"
  systemctl reset-failed tapgrid || true
  systemctl start tapgrid || true
  wait_until_it_serves || { say 'the old release does not serve either'; why; exit 3; }
  fail "$version is not in service; $old is"
}

switch_to() {
  local old
  old=$(current)
  if [ "$old" != none ]; then
    added=$(new_migrations "$old" "$version")
    if [ -n "$(new_migrations "$version" "$old")" ]; then
      say "the books have a schema that $version does not know; see docs/runbook.md, Roll back"
      exit 3
    fi
  fi
  if ! install_files "$version"; then
    if [ "$old" != none ]; then install_files "$old" || true; fi
    fail "what $version brings along could not be installed: nothing else was changed"
  fi
  if [ "$old" = none ]; then say "starting $version"; else say "stopping $old, starting $version"; fi
  started=$(date +%s)
  systemctl stop tapgrid
  if [ -n "$added" ]; then say "it changes the schema: $added"; cold_copy; fi
  point current "$version"
  systemctl reset-failed tapgrid 2>/dev/null || true
  if ! systemctl start tapgrid || ! wait_until_it_serves; then
    say "$version does not serve:"
    why
    back_to "$old"
  fi
  if ! holds; then
    say "$version did not hold:"
    why
    if [ -n "$added" ]; then say 'it may have taken bets under its new schema, so the old books are not put back'; exit 3; fi
    back_to "$old"
  fi
  if [ "$old" != none ] && [ "$old" != "$version" ]; then point previous "$old"; fi
  start_jobs
  say "$version is in service"
  tell_what_is_missing
}

# Each release begins with a copy of the books that is proven.
start_jobs() {
  systemctl start tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer tapgrid-probe.timer || say 'the timers of the jobs do not start'
  systemctl restart --no-block tapgrid-tail.service || true
  systemctl start --no-block tapgrid-backup.service tapgrid-integrity.service || true
}
# Prices may still be missing: that is no fault of the release.
tell_what_is_missing() {
  curl --silent --max-time 2 --unix-socket "$operations" http://localhost/healthz 2>/dev/null |
    jq --raw-output '.causes[]? | "deploy: it says \(.cause): \(.detail)"' 2>/dev/null || true
}

remove_old() {
  local name count=0
  newest_first | while read -r name; do
    count=$((count + 1))
    if [ $count -gt $releases_kept ] && [ "$name" != "$(current)" ] && [ "$name" != "$(previous)" ]; then rm -rf "${base:?}/releases/$name" "$data/before-$name"; fi
  done
}

alone() {
  [ -d "$base/releases" ] || fail "there is no $base/releases: run provision.sh first"
  exec 9>"$base/.deploying"
  flock --nonblock 9 || fail 'another one is at it'
}
# The folder of the books is a setting, and with one that is wrong nothing is begun. A release from before there was the command has the usual one.
read_data_folder() {
  local code=0
  data=$(program "$1" settings DATA_DIR) || code=$?
  if [ $code = 0 ]; then return; fi
  if [ "$action" = deploy ] || [ -x "$(release "$1")/deploy/host/tapgrid" ]; then forget; fail 'the settings are wrong: nothing was changed'; fi
  data=/var/lib/tapgrid
}
# What was unpacked in vain; not what is, or was, in service.
forget() { if [ "$action" = deploy ] && [ "$(current)" != "$version" ] && [ "$(previous)" != "$version" ]; then rm -rf "$(release "$version")"; fi; }

case $action in
  list) list_releases ;;
  rollback)
    version=$(previous)
    [ "$version" != none ] || fail 'there is no release before this one'
    if [ "$dry" = yes ]; then say "would go back from $(current) to $version"; exit 0; fi
    alone
    read_data_folder "$(current)"
    switch_to
    ;;
  deploy)
    [ -n "$source" ] || wrong 'which release?'
    [ -e "$source" ] || wrong "there is no $source"
    [[ -z $version || $version =~ ^[A-Za-z0-9][A-Za-z0-9.+~_-]{0,80}$ ]] || wrong "no name for a release: $version"
    if [ "$dry" = yes ]; then
      say "would unpack and check $source"
      if [ "$rehearsal" = yes ]; then say 'would rehearse it on a copy of the books'; fi
      say "would stop $(current), start it, wait up to $ready_seconds s, and go back if it does not serve"
      exit 0
    fi
    alone
    unpack
    read_data_folder "$version"
    if [ "$(current)" = "$version" ] && serves; then
      install_files "$version"
      say "$version is in service already"
      exit 0
    fi
    if [ "$rehearsal" = yes ] && ! program "$version" rehearse; then
      forget
      fail 'the rehearsal failed: nothing was changed'
    fi
    switch_to
    remove_old
    ;;
esac
