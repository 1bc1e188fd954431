# shellcheck shell=bash
# The releases on this machine, and the programs of each.

releases_kept=5
# The folder of the books, which is a setting.
data=''

release() { printf '%s/releases/%s' "$base" "$1"; }
current() { basename "$(readlink "$base/current" 2>/dev/null || echo none)"; }
previous() { basename "$(readlink "$base/previous" 2>/dev/null || echo none)"; }
# The release that a rollback has left. There is then no previous one, so that the same command again does not
# lead back to it.
left() { basename "$(readlink "$base/left" 2>/dev/null || echo none)"; }
point() { ln -sfn "releases/$2" "$base/$1.new" && mv -fT "$base/$1.new" "$base/$1"; }

# One from before there was a release.json has its migrations in a folder.
migrations_of() {
  if [ -f "$(release "$1")/release.json" ]; then
    jq --raw-output '.migrations[]' "$(release "$1")/release.json"
  else
    ls "$(release "$1")/migrations"
  fi
}
# Names that the second release has and the first has not.
new_migrations() { comm -13 <(migrations_of "$1" | sort) <(migrations_of "$2" | sort); }

# program <release> <words …>: its own program, as the server's user, with the settings and secrets of the
# server.
program() {
  local from
  from=$(release "$1")
  shift
  TAPGRID_RELEASE=$from "${TAPGRID_RUNNER:-$from/deploy/host/tapgrid}" "$@"
}
# As the server's user where there is one and this is root.
as_server() {
  if [ "$(id -u)" = 0 ] && id tapgrid >/dev/null 2>&1; then runuser -u tapgrid -- "$@"; else "$@"; fi
}

# With a setting that is wrong nothing is begun. A release from before there was the command has the usual
# folder.
read_data_folder() {
  local code=0
  data=$(program "$1" settings DATA_DIR) || code=$?
  if [ $code = 0 ]; then return; fi
  if [ "$action" = deploy ] || [ -x "$(release "$1")/deploy/host/tapgrid" ]; then
    forget
    fail 'the settings are wrong; nothing was changed'
  fi
  data=/var/lib/tapgrid
}

newest_first() {
  find "$base/releases" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %f\n' 2>/dev/null |
    sort -rn | cut -d' ' -f2
}
list_releases() {
  local name
  newest_first | while read -r name; do
    case $name in
      "$(current)") say "* $name" ;;
      "$(previous)") say "- $name (previous)" ;;
      "$(left)") say "- $name (rolled back)" ;;
      *) say "  $name" ;;
    esac
  done
}

is_needed() { [[ " $(current) $(previous) $(left) " == *" $1 "* ]]; }
# What was unpacked in vain; not what is, or was, in service.
forget() { if [ "$action" = deploy ] && ! is_needed "$version"; then rm -rf "$(release "$version")"; fi; }
remove_old() {
  local name count=0
  newest_first | while read -r name; do
    count=$((count + 1))
    if [ $count -le $releases_kept ] || is_needed "$name"; then continue; fi
    rm -rf "${base:?}/releases/$name" "$data/before-$name"
  done
}
