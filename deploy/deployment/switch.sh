# shellcheck shell=bash
# From one release in service to another, and back where the other does not serve.

socket=${TAPGRID_SOCKET:-/run/tapgrid/http.sock}
operations=${TAPGRID_OPERATIONS:-/run/tapgrid/operations.sock}
ready_seconds=${TAPGRID_READY_SECONDS:-90}
settle_seconds=${TAPGRID_SETTLE_SECONDS:-5}
timers=(tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer tapgrid-probe.timer)
# Whatever serves strangers: it ends before the engine that it asks, and starts with it.
readonly EDGES='tapgrid-edge@*.service'
# Migrations that the books get from the release that is started.
added=''
archiving=''
started=0

ask() { curl --silent --max-time 2 --unix-socket "$1" "http://localhost$2" || true; }
# All that there are; a release from before there were edges serves at the same place.
serves() {
  local edge
  [ "$(ask "$socket" /readyz)" = '{"ready":true}' ] || return 1
  for edge in $(edge_sockets); do [ "$(ask "$edge" /readyz)" = '{"ready":true}' ] || return 1; done
}
edge_sockets() {
  local path number
  for path in "${DESTDIR:-}"/etc/systemd/system/tapgrid.service.wants/$EDGES; do
    number=${path##*@}
    if [ -e "$path" ]; then printf '/run/tapgrid-edge-%s/http.sock\n' "${number%.service}"; fi
  done
}
stop_house() {
  systemctl stop "$EDGES" || true
  systemctl stop tapgrid
}
# Seconds at most: as long as a release has that starts, or so many as are given.
wait_until_it_serves() {
  local end=$((SECONDS + ${1:-ready_seconds}))
  until serves; do
    if systemctl is-failed --quiet tapgrid; then return 1; fi
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}
# One that was restarted a moment ago is not started again: its edges follow an engine with other settings.
serves_soon() {
  if serves; then return 0; fi
  systemctl is-active --quiet tapgrid && wait_until_it_serves $((ready_seconds < 15 ? ready_seconds : 15))
}
# It serves, and is still the same process and serves after a moment: one that falls over again and again is
# not in service.
holds() {
  local before
  before=$(systemctl show --value -p MainPID tapgrid)
  sleep "$settle_seconds"
  [ "$(systemctl show --value -p MainPID tapgrid)" = "$before" ] && serves
}
why() {
  # A pattern that nothing matches would be a failure.
  journalctl --unit tapgrid --unit tapgrid-edge@1 --since "@$started" --output cat --no-pager 2>/dev/null |
    tail -n 12 | sed 's/^/  | /' || true
}

# What the release brings along: units, proxy, packet filter, alerts. One from before there was such a thing
# brings nothing.
install_files() {
  local script
  script=$(release "$1")/deploy/provision.sh
  if ! grep -q -e --files-only "$script" 2>/dev/null; then return; fi
  "$script" --files-only | sed -n 's/^  \(.*\)/deploy: \1/p'
}

# Of the books and the note of their end, which halts a house that stands behind it.
cold_copy() {
  local kept=$data/before-$version file
  rm -rf "$kept"
  as_server mkdir -m 0700 "$kept" || return 1
  for file in tapgrid.db tapgrid.db-wal noted-head.json; do
    if [ -e "$data/$file" ]; then
      as_server cp --reflink=auto --preserve "$data/$file" "$kept/" || return 1
    fi
  done
}
put_back() {
  rm -f "$data/tapgrid.db" "$data/tapgrid.db-wal" "$data/tapgrid.db-shm" "$data/noted-head.json"
  as_server cp --reflink=auto --preserve "$data/before-$version/"* "$data/"
}

# back_to <release> after a failed one: never across a schema that took bets.
back_to() {
  local old=$1
  stop_house || true
  if [ "$old" = none ]; then
    rm -f "$base/current"
    say "$version is not in service, and there is no release to go back to"
    fail 'fix the cause, then run the same command again'
  fi
  say "going back to $old"
  if [ -n "$added" ] && ! put_back; then
    say "the old books could not be put back; they are in $data/before-$version"
    exit 3
  fi
  point current "$old"
  install_files "$old" || say "some files of $old could not be put back; its provision.sh says why"
  systemctl reset-failed tapgrid || true
  systemctl start tapgrid || true
  start_jobs
  wait_until_it_serves || { say 'the old release does not serve either'; why; exit 3; }
  fail "$version is not in service; $old is"
}

# stay_with <release> <why>, before anything of the books or of the link was touched.
stay_with() {
  install_files "$1" || true
  systemctl start tapgrid || true
  start_jobs
  fail "$2: $1 stays in service; nothing was changed"
}

switch_to() {
  local old
  old=$(current)
  if [ "$old" != none ]; then
    added=$(new_migrations "$old" "$version")
    if [ -n "$(new_migrations "$version" "$old")" ]; then
      say "$version does not know the schema of the books; see docs/runbook.md, Roll back"
      exit 3
    fi
  fi
  if ! install_files "$version"; then
    if [ "$old" != none ]; then install_files "$old" || true; fi
    fail "the files of $version could not be installed; nothing else was changed"
  fi
  if [ "$old" = none ]; then say "starting $version"; else say "stopping $old, starting $version"; fi
  started=$(date +%s)
  # Whoever is impatient now leaves the house standing still.
  trap '' INT TERM
  if [ -n "$added" ]; then
    say "it changes the schema: $added"
    stop_jobs || stay_with "$old" 'the jobs do not stop'
  fi
  stop_house
  if [ -n "$added" ] && ! cold_copy; then
    rm -rf "$data/before-$version" || true
    stay_with "$old" 'the books could not be copied before the change'
  fi
  point current "$version"
  systemctl reset-failed tapgrid 2>/dev/null || true
  if ! systemctl start tapgrid || ! wait_until_it_serves; then
    say "$version does not serve:"
    why
    back_to "$old"
  fi
  if ! holds; then
    say "$version did not stay up:"
    why
    if [ -n "$added" ]; then
      say 'it may have taken bets under its new schema, so the old books are not put back'
      say 'the tail ships what it takes; the timers stay off until you have decided'
      systemctl restart --no-block tapgrid-tail.service || true
      exit 3
    fi
    back_to "$old"
  fi
  note_former "$old"
  rm -rf "$base/brought"
  start_jobs
  say "$version is in service"
  if [ "$action" = deploy ]; then say "what is new: $base/current/NOTES.md"; fi
  tell_what_is_missing
}

# note_former <release that was in service>
note_former() {
  if [ "$action" = rollback ]; then rm -f "$base/previous"; else rm -f "$base/left"; fi
  if [ "$1" = none ] || [ "$1" = "$version" ]; then return; fi
  if [ "$action" = rollback ]; then point left "$1"; else point previous "$1"; fi
}

# Books that may be put back are read, shipped and archived by nobody: what has left this machine stays away,
# and the old books would stand behind it.
stop_jobs() {
  archiving=$(systemctl is-active tapgrid-archive.service || true)
  systemctl stop "${timers[@]}" tapgrid-tail.service "${timers[@]/%.timer/.service}"
}
# Each release begins with a copy of the books that is proven.
start_jobs() {
  systemctl start "${timers[@]}" || say 'the timers of the jobs do not start'
  systemctl restart --no-block tapgrid-tail.service || true
  systemctl start --no-block tapgrid-backup.service tapgrid-integrity.service || true
  # One that was stopped half way goes on where it was.
  if [ "$archiving" = activating ]; then systemctl start --no-block tapgrid-archive.service || true; fi
}
# Prices may still be missing: that is no fault of the release.
tell_what_is_missing() {
  ask "$operations" /healthz |
    jq --raw-output '.causes[]? | "deploy: it says \(.cause): \(.detail)"' 2>/dev/null || true
}
