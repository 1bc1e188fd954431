# shellcheck shell=bash
# What this machine is to be, remembered from one run to the next.

# Names of the switches, as they stand in the file. They are used by the other parts.
# shellcheck disable=SC2034
SERVER_NAME='' FORMER_NAMES='' SSH_PORTS='' FIREWALL=yes REDIS='' MONITORING=no SECURITY_UPDATES=yes
SSH_KEYS_ONLY=no
machine_conf=/etc/tapgrid/machine.conf
readonly host_name='^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$'

is_name() { [[ $1 =~ $host_name ]] && [ ${#1} -le 253 ]; }
is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$1" -le 65535 ]; }

name_server() {
  is_name "$1" || wrong "--server-name: expected a host name in lower case, not $1"
  if [ -n "$SERVER_NAME" ] && [ "$SERVER_NAME" != "$1" ]; then
    fail "this machine serves $SERVER_NAME; to rename it, use rename.sh, which redirects its traders"
  fi
  SERVER_NAME=$1
}
name_ssh_port() { is_port "$1" || wrong "--ssh-port: expected a port from 1 to 65535, not $1"; SSH_PORTS=$1; }

# switch <name as on the command line> <yes or no>
switch() {
  local name=${1^^}
  printf -v "${name//-/_}" %s "$2"
}

# The file is read, never run. One that somebody has spoiled is refused rather than half believed.
recall_options() {
  local path=$root$machine_conf line name text part
  if [ -f "$path" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in '' | '#'*) continue ;; esac
      name=${line%%=*} text=${line#*=}
      case $name in
        SERVER_NAME) is_name "$text" || fail "$machine_conf: $line" ;;
        FORMER_NAMES) for part in $text; do is_name "$part" || fail "$machine_conf: $line"; done ;;
        SSH_PORTS) for part in $text; do is_port "$part" || fail "$machine_conf: $line"; done ;;
        FIREWALL | REDIS | MONITORING | SECURITY_UPDATES | SSH_KEYS_ONLY)
          [[ $text =~ ^(yes|no)$ ]] || fail "$machine_conf: $line"
          ;;
        *) fail "$machine_conf: unknown option: $line" ;;
      esac
      printf -v "$name" %s "$text"
    done <"$path"
  fi
  [ -f "$path" ] || guess_options
  REDIS=${REDIS:-no}
}

# A machine from before anything was remembered goes on with what it has.
# shellcheck disable=SC2034
guess_options() {
  local port settings=$root/etc/tapgrid/tapgrid.env
  if [ ! -f "$settings" ]; then return; fi
  SERVER_NAME=$(sed -n 's|^PUBLIC_ORIGIN=https://\([a-z0-9.-]*\)$|\1|p' "$settings" | tail -n 1)
  port=$(sed -n 's/^ *tcp dport \([0-9]*\) accept$/\1/p' "$root/etc/nftables.conf" 2>/dev/null | head -n 1)
  if is_port "$port"; then SSH_PORTS=$port; fi
  if [ -s "$root/etc/tapgrid/credentials/REDIS_URL" ]; then REDIS=yes; fi
  if [ -e "$root/etc/prometheus/tapgrid-rules.yml" ]; then MONITORING=yes; fi
}

remember_options() {
  say 'options'
  owned_file "$machine_conf" 0644 root root < <(list_options)
  if [ -n "$release_signers" ]; then
    owned_file /etc/tapgrid/release-signers 0644 root root <"$release_signers"
  fi
}
list_options() {
  local name
  echo '# Options of provision.sh for this machine, which it uses unless others are given.'
  for name in SERVER_NAME FORMER_NAMES SSH_PORTS FIREWALL REDIS MONITORING SECURITY_UPDATES SSH_KEYS_ONLY; do
    printf '%s=%s\n' "$name" "${!name}"
  done
}
