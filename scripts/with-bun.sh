#!/bin/sh
# Runs one script of this project with the pinned Bun and the locked packages, whatever the machine brings:
# Node with npm, or a Bun. usage: sh scripts/with-bun.sh <script> [arguments…]
set -eu

CDPATH='' cd -- "$(dirname -- "$0")/.."
root=$(pwd -P)
tools=$root/.tools

# The one place that names the version is "engines" in package.json.
pin=$(sed -n 's/^ *"bun": *"\([0-9][0-9.]*\)".*/\1/p' package.json | head -n 1)

say() { printf 'tapgrid: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

[ $# -gt 0 ] || fail 'usage: sh scripts/with-bun.sh <script> [arguments…]'
[ -n "$pin" ] || fail 'package.json has no Bun version under "engines".'

version_of() { "$1" --version 2>/dev/null || :; }
is_pinned() { [ -x "$1" ] && [ "$(version_of "$1")" = "$pin" ]; }

# The launcher in node_modules/.bin works only after an install script that newer npm does not run, so the
# platform packages are tried as well.
find_pinned() {
  for candidate in "$(command -v bun 2>/dev/null || :)" "${npm_execpath:-}" \
    "$tools/node_modules/.bin/bun" "$tools"/node_modules/@oven/bun-*/bin/bun; do
    case ${candidate##*/} in bun | bun.exe) ;; *) continue ;; esac
    if is_pinned "$candidate"; then bun=$candidate; return 0; fi
  done
  return 1
}

find_other() {
  for candidate in "$(command -v bun 2>/dev/null || :)" "${npm_execpath:-}"; do
    case ${candidate##*/} in bun | bun.exe) ;; *) continue ;; esac
    if [ -n "$(version_of "$candidate")" ]; then other=$candidate; return 0; fi
  done
  return 1
}

# Package managers keep caches in the home folder; where it cannot be written they go beside the tools.
use_own_caches() {
  if [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then return; fi
  npm_config_cache=$tools/npm-cache
  BUN_INSTALL_CACHE_DIR=$tools/bun-cache
  export npm_config_cache BUN_INSTALL_CACHE_DIR
}

# Runs a package manager with its words in a log; of a failure only the error code is repeated.
quietly() {
  log=$tools/install.log
  mkdir -p "$tools" 2>/dev/null && (: >"$log") 2>/dev/null ||
    fail "cannot write to $tools; install the packages as a user who may."
  if "$@" >"$log" 2>&1; then return 0; fi
  code=$(sed -n -e 's/^npm error code //p' -e 's/^error: \([A-Z][A-Za-z]*\) .*/\1/p' "$log" | head -n 1)
  say "that failed${code:+ ($code)}; see .tools/install.log"
  return 1
}

install_bun() {
  if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
    say "fetching Bun $pin with npm, once …"
    quietly npm install --prefix "$tools" --no-save --no-package-lock --ignore-scripts \
      --no-audit --no-fund --loglevel=error "bun@$pin" ||
      fail "Bun $pin is needed: connect to the network for the first start, or put bun $pin on the PATH."
  elif find_other; then
    say "this is Bun $(version_of "$other"); fetching Bun $pin, once …"
    mkdir -p "$tools" && printf '{"private":true}\n' >"$tools/package.json" || fail "cannot write to $tools."
    quietly "$other" add --cwd "$tools" --exact "bun@$pin" ||
      fail "Bun $pin is needed: connect to the network for the first start, or put bun $pin on the PATH."
  else
    fail "Bun $pin is needed, and neither npm (with Node) nor a Bun to fetch it with is on the PATH."
  fi
  find_pinned || fail "Bun $pin was fetched, but it does not run on this machine ($(uname -sm))."
}

# What the server and its operators run needs no developer's packages: no compiler, no formatter, no browser
# driver. The packages that others name as peers are such too.
needs_of() {
  case $1 in
    server/main.ts | scripts/tapgrid.ts) echo production ;;
    scripts/archive.ts | scripts/backup.ts | scripts/restore.ts) echo production ;;
    scripts/verify-ledger.ts | scripts/verify-receipt.ts | scripts/replay-market.ts) echo production ;;
    scripts/record-feed.ts | scripts/import-recording.ts) echo production ;;
    *) echo all ;;
  esac
}

# The stamp is the checksum of the lock file that node_modules was made from, and "production" where it holds
# no more.
install_packages() {
  stamp=node_modules/.tapgrid-lock
  lock=$(cksum <bun.lock)
  had=$(cat "$stamp" 2>/dev/null || :)
  needs=$(needs_of "$1")
  [ "$had" = "$lock" ] && return
  [ "$needs" = production ] && [ "$had" = "$lock production" ] && return
  # Who once had all packages keeps them.
  case $had in '' | *' production') ;; *) needs=all ;; esac
  say 'installing the locked packages …'
  made=$lock
  set --
  if [ "$needs" = production ]; then
    made="$lock production"
    set -- --production --omit=peer
  fi
  quietly "$bun" install --frozen-lockfile --no-progress "$@" ||
    fail 'the packages of bun.lock are needed: connect to the network for the first start.'
  # Written anew, not over the old one: a copy of this folder may share the file.
  rm -f "$stamp" && printf '%s\n' "$made" >"$stamp" || :
}

use_own_caches
find_pinned || install_bun
install_packages "$1"
if [ "$(command -v bun 2>/dev/null || :)" != "$bun" ]; then
  PATH=$(dirname -- "$bun"):$PATH
  export PATH
fi
exec "$bun" "$@"
