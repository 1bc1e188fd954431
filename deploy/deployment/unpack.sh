# shellcheck shell=bash
# From an archive or a folder to a release beside the others, looked at before anything of it is run.

signers=${TAPGRID_SIGNERS:-/etc/tapgrid/release-signers}
unfinished=$base/releases/.unfinished

refuse() { rm -rf "$unfinished"; fail "$*"; }
about() { jq --raw-output ".$1" "$unfinished/release.json"; }

unpack() {
  local target machine
  rm -rf "$unfinished"
  mkdir -p "$unfinished"
  if [ -d "$source" ]; then
    cp -r --no-dereference "$source/." "$unfinished/"
  else
    tar -C "$unfinished" --strip-components=1 --no-same-owner -xzf "$source" ||
      refuse 'the archive cannot be read'
  fi
  if ! [ -f "$unfinished/release.json" ] || ! [ -x "$unfinished/tapgrid" ]; then
    refuse 'this is no release of Tapgrid; one is made by scripts/build-release.ts'
  fi
  is_whole "$unfinished" || refuse 'not taken'
  machine=$(about processor)
  case "$(uname -m) $machine" in
    'x86_64 x64' | 'aarch64 arm64') ;;
    *) refuse "it was built for $machine, and this machine is $(uname -m)" ;;
  esac
  if [ -z "$version" ]; then version=$(about version); fi
  [[ $version =~ $name_of_release ]] || refuse "not a name for a release: $version"
  target=$(release "$version")
  if [ -e "$target" ]; then
    cmp --silent "$unfinished/SHA256SUMS" "$target/SHA256SUMS" ||
      refuse "another build is here as $version: --version gives this one another name"
    say "$version is already unpacked"
    rm -rf "$unfinished"
    return
  fi
  chmod -R go-w,a+rX "$unfinished"
  touch "$unfinished"
  mv -T "$unfinished" "$target"
}

# is_whole <folder>: every file is the one that was built, there is no other, and somebody whom this machine
# trusts has signed for it.
is_whole() {
  local odd
  if [ "$verified" = no ]; then say 'UNVERIFIED: signature and checksums were not checked'; return; fi
  [ -f "$1/SHA256SUMS" ] || { say 'it has no SHA256SUMS'; return 1; }
  odd=$(cd "$1" && find . ! -type f ! -type d)
  [ -z "$odd" ] || { say "neither file nor folder: $odd"; return 1; }
  odd=$(comm -3 <(files_of "$1") <(cut -c 67- "$1/SHA256SUMS" | sort))
  [ -z "$odd" ] || { say "unexpected or missing files: $odd"; return 1; }
  (cd "$1" && sha256sum --check --strict --quiet SHA256SUMS) ||
    { say 'its files do not match the checksums'; return 1; }
  is_signed "$1"
}
files_of() {
  (cd "$1" && find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig -printf '%P\n' | sort)
}
is_signed() {
  if [ ! -f "$signers" ]; then
    say 'its signature was not checked; set the signers with provision.sh --release-signers'
    return
  fi
  [ -f "$1/SHA256SUMS.sig" ] ||
    { say 'it is not signed, and this machine accepts only signed releases'; return 1; }
  ssh-keygen -Y verify -f "$signers" -I tapgrid -n tapgrid-release -s "$1/SHA256SUMS.sig" \
    <"$1/SHA256SUMS" >/dev/null 2>&1 || { say "its signature does not match any key in $signers"; return 1; }
}
