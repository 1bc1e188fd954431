#!/bin/bash
# Puts a release into service, or takes it back. The one server holds the books, so the old one stops before
# the new one starts: about two seconds in which the proxy says 503 with a time to come back, and sockets are
# closed with 1012, which tells their pages to come back spread out.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy.sh <release> [options]           its .tar.gz or its folder
       deploy.sh --rollback [--dry-run]
       deploy.sh --list

  --version <name>   call the release by this name instead of its version
  --unverified       check neither signature nor checksums
  --no-rehearsal     do not try it on a copy of the books first
  --rollback         go back to the previous release; running it again changes nothing
  --list             list the releases on this machine; * is in service
  --dry-run          say what would be done, change nothing

Steps: unpack, check signature and checksums, rehearse on a copy of the books, install units, proxy, packet
filter and alerts of the release, stop, copy the books if the release changes their schema, switch, start,
wait until it serves, check again, start the jobs, remove old releases. If the new one does not serve, the
old one is put back, with the files it had installed. You can run the same command again.
Exit codes: 0 in service, 1 not in service and the old one is, 2 wrong usage, 3 a person has to decide (see
docs/runbook.md, Upgrade).
TEXT
}

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
base=${TAPGRID_ROOT:-/opt/tapgrid}
source='' version='' rehearsal=yes verified=yes dry=no action=deploy
readonly name_of_release='^[A-Za-z0-9][A-Za-z0-9.+~_-]{0,80}$'

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
    -*) wrong "unknown option: $1" ;;
    *) [ -z "$source" ] || wrong "expected one release; $1 is a second"; source=$1; shift ;;
  esac
done

. "$here/deployment/releases.sh"
. "$here/deployment/unpack.sh"
. "$here/deployment/switch.sh"

alone() {
  [ -d "$base/releases" ] || fail "$base/releases does not exist: run provision.sh first"
  exec 9>"$base/.deploying"
  flock --nonblock 9 || fail 'another deploy.sh is running'
}

put_into_service() {
  if [ "$(current)" = "$version" ] && serves_soon; then
    install_files "$version"
    say "$version is already in service"
    return
  fi
  if [ "$rehearsal" = yes ] && ! program "$version" rehearse; then
    forget
    fail 'the rehearsal failed; nothing was changed'
  fi
  switch_to
  remove_old
}

case $action in
  list) list_releases ;;
  rollback)
    version=$(previous)
    if [ "$version" = none ] && [ "$(left)" != none ]; then
      say "rolled back already: $(current) is in service; to return: deploy.sh $(release "$(left)")"
      exit 0
    fi
    [ "$version" != none ] || fail 'there is no previous release'
    if [ "$dry" = yes ]; then say "would go back from $(current) to $version"; exit 0; fi
    alone
    read_data_folder "$(current)"
    switch_to
    ;;
  deploy)
    [ -n "$source" ] || wrong 'expected a release: its .tar.gz or its folder'
    [ -e "$source" ] || wrong "$source does not exist"
    [[ -z $version || $version =~ $name_of_release ]] || wrong "not a name for a release: $version"
    if [ "$dry" = yes ]; then
      say "would unpack and check $source"
      if [ "$rehearsal" = yes ]; then say 'would rehearse it on a copy of the books'; fi
      say "would stop $(current), start this one, and go back if it does not serve within $ready_seconds s"
      exit 0
    fi
    alone
    unpack
    read_data_folder "$version"
    put_into_service
    ;;
esac
