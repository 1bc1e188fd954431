#!/bin/bash
# Turns a bare Debian or Ubuntu into a machine that serves Tapgrid. Running it again changes only what
# differs.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: provision.sh --server-name <name> [options]
       provision.sh [options]                      on a machine that was provisioned before

  --server-name <name>   the name that traders open, without https://; later: rename.sh
  --ssh-port <port>      the port on which ssh stays reachable; default: those that ssh listens on. The
                         port of your login stays open in any case, and so does the one that ssh
                         listens on, as long as it listens on none of yours
  --firewall             the packet filter: only web and ssh come in (the default). Rules of your own go
                         into /etc/tapgrid/filter.d/; each run loads them
  --redis                install Redis; a single machine does not need it
  --monitoring           Prometheus and Alertmanager with the alerts. Debian has no Grafana; if you have
                         installed it, it gets its data source and dashboard
  --security-updates     install security updates of the system automatically, without a reboot (the
                         default)
  --ssh-keys-only        turn off ssh passwords; refused if nobody could log in with a key
  --release-signers <f>  who may sign releases: a file with their ssh public keys, one line
                         "tapgrid <key>" each
  --dry-run              say what would be done, change nothing
  --files-only           only the files that come with a release; deploy.sh calls this
  --help                 this text

Options are remembered in /etc/tapgrid/machine.conf; --no-redis and the like undo them.
With DESTDIR=<folder> the files go into that tree, and the running machine is not touched.
Exit codes: 0 the machine is set up, 1 it is not, and the last line says why, 2 wrong usage.
TEXT
}

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
root=${DESTDIR:-}
dry=no files_only=no release_signers=''

say() { printf '%s\n' "$*"; }
fail() { printf 'provision: %s\n' "$*" >&2; exit 1; }
wrong() { printf 'provision: %s\n\n' "$*" >&2; usage >&2; exit 2; }
value() { if [ $# -lt 2 ] || [ -z "$2" ]; then wrong "$1 needs a value"; fi; printf '%s' "$2"; }

. "$here/provision/options.sh"
. "$here/provision/changes.sh"
. "$here/provision/system.sh"
. "$here/provision/ssh.sh"
. "$here/provision/firewall.sh"
. "$here/provision/services.sh"

recall_options
while [ $# -gt 0 ]; do
  case $1 in
    --server-name) name_server "$(value "$@")"; shift 2 ;;
    --ssh-port) name_ssh_port "$(value "$@")"; shift 2 ;;
    --release-signers) release_signers=$(value "$@"); shift 2 ;;
    --firewall | --redis | --monitoring | --security-updates | --ssh-keys-only) switch "${1#--}" yes; shift ;;
    --no-firewall | --no-redis | --no-monitoring | --no-security-updates | --no-ssh-keys-only)
      switch "${1#--no-}" no
      shift
      ;;
    --dry-run) dry=yes; shift ;;
    --files-only) files_only=yes; shift ;;
    --help) usage; exit 0 ;;
    *) wrong "unknown option: $1" ;;
  esac
done
[ -n "$SERVER_NAME" ] || wrong 'expected --server-name, the name that traders open'
[ -z "$release_signers" ] || [ -s "$release_signers" ] || fail "no keys in $release_signers"

begin_manifest
if [ "$files_only" = no ]; then check_machine; fi
choose_ssh_ports
if [ "$files_only" = no ]; then
  check_ssh_keys
  install_packages
  make_user
fi
make_folders
remember_options
if [ "$files_only" = no ]; then make_secrets; fi
configure_host
configure_firewall
secure_ssh
update_security
configure_redis
count_edges
configure_nginx
install_units
configure_monitoring
end_manifest
if [ "$files_only" = no ]; then
  bring_commands
  start_jobs
fi
if [ "$dry" = yes ]; then say "$changes changes would be made."; else say "$changes changes made."; fi
[ -z "$filter_fault" ] || fail "$filter_fault"
