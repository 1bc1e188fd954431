# shellcheck shell=bash
# Each change is said, and made unless this is a dry run; what is as it should be is left alone.

changes=0
# Whether a file was changed since this was last set to no.
touched=no
manifest=/etc/tapgrid/installed.sha256
kept=/etc/tapgrid/kept
declare -A installed=() previous=()

# change <sentence> <function or command …>
change() {
  changes=$((changes + 1))
  say "  $1"
  shift
  if [ "$dry" = no ]; then "$@"; fi
}
# The same for what acts on the running machine rather than on files.
act() {
  if [ -n "$root" ]; then say "  (left out in a tree: $1)"; else change "$@"; fi
}

owner_of() { if [ -n "$root" ]; then id -u; else id -u "$1" 2>/dev/null || echo 0; fi; }
group_of() { if [ -n "$root" ]; then id -g; else getent group "$1" | cut -d: -f3 || echo 0; fi; }
# is_of <path> <mode> <user> <group>
is_of() { [ "$(stat -c '%a %u %g' "$1")" = "${2#0} $(owner_of "$3") $(group_of "$4")" ]; }
has_hash() { [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }

# folder <path> <mode> <user> <group>
folder() {
  if [ -d "$root$1" ] && is_of "$root$1" "$2" "$3" "$4"; then return; fi
  change "folder $1 ($2 $3:$4)" install -d -m "$2" -o "$(owner_of "$3")" -g "$(group_of "$4")" "$root$1"
}

# owned_file <path> <mode> <user> <group>, content on standard input. The x keeps line breaks at its end.
owned_file() {
  local path=$root$1 content
  content=$(cat; printf x)
  if [ -f "$path" ] && [ "$(cat "$path"; printf x)" = "$content" ] && is_of "$path" "$2" "$3" "$4"; then
    return
  fi
  touched=yes
  change "file $1" write_file "$path" "$2" "$(owner_of "$3")" "$(group_of "$4")" "${content%x}"
}
write_file() {
  local unfinished=$1.provision
  mkdir -p "$(dirname "$1")"
  (umask 077 && printf '%s' "$5" >"$unfinished")
  chown "$3:$4" "$unfinished"
  chmod "$2" "$unfinished"
  mv -f "$unfinished" "$1"
}

# The same for a file of the release: it is listed, so that a release without it takes it away. What somebody
# has written there, before us or after us, is kept.
file() {
  local content path=$root$1 before=${previous[$1]:-}
  content=$(cat; printf x)
  installed[$1]=$(printf '%s' "${content%x}" | sha256sum | cut -d' ' -f1)
  if [ -f "$path" ] && ! has_hash "$path" "${installed[$1]}" && ! has_hash "$path" "${before:-none}"; then
    change "keep the edited $1 as $kept$1" keep "$1"
  fi
  owned_file "$@" < <(printf '%s' "${content%x}")
}
# In a folder of its own: many programs read whatever stands beside their files.
keep() {
  install -d -m 0700 "$(dirname "$root$kept$1")"
  cp --preserve --backup=numbered "$root$1" "$root$kept$1"
}
filled() { sed -e "s|@SERVER_NAME@|$SERVER_NAME|g" "$here/$1"; }

begin_manifest() {
  local hash path
  if [ ! -f "$root$manifest" ]; then return; fi
  while read -r hash path; do if [ "$hash" != '#' ]; then previous[$path]=$hash; fi; done <"$root$manifest"
}

# What the last release brought and this one does not is removed, unless somebody has changed it.
end_manifest() {
  local path
  say 'list of installed files'
  for path in "${!previous[@]}"; do
    if [ -n "${installed[$path]:-}" ] || [ ! -e "$root$path" ]; then continue; fi
    if has_hash "$root$path" "${previous[$path]}"; then
      change "remove $path, which this release does not have" take_away "$path"
    else
      say "  $path is not part of this release, but was edited by hand, so it stays"
    fi
  done
  owned_file "$manifest" 0644 root root < <(list_installed)
  if [ -z "$root" ] && [ "$dry" = no ]; then systemctl daemon-reload; fi
}
list_installed() {
  local path
  echo "# release $(sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' "$here/../release.json" 2>/dev/null || true)"
  for path in "${!installed[@]}"; do printf '%s  %s\n' "${installed[$path]}" "$path"; done | sort -k 2
}
take_away() {
  case $1 in
    # A template is in use by its instances.
    /etc/systemd/system/*@.service)
      if [ -z "$root" ]; then
        systemctl disable --quiet "${1##*/}" || true
        systemctl stop "$(basename "$1" .service)*.service" || true
      fi
      ;;
    /etc/systemd/system/*.timer | /etc/systemd/system/*.service)
      if [ -z "$root" ]; then systemctl disable --quiet --now "${1##*/}" || true; fi
      ;;
  esac
  rm -f "$root$1"
  rmdir --ignore-fail-on-non-empty "$(dirname "$root$1")"
}
