#!/bin/bash
# Makes a bare Debian 12 into a machine that serves Tapgrid. Running it again changes only what is not as it should be.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: provision.sh --server-name <name> [options]

  --server-name <name>   the name that traders open, without https://
  --ssh-port <port>      the port on which ssh stays reachable (22)
  --bun <file>           a Bun executable, instead of fetching it; the checksum has to be that of the pinned version
  --bun-from <address>   where Bun's releases are fetched from, https only; a mirror has to be laid out like the default,
                         https://github.com/oven-sh/bun/releases/download
  --no-firewall          leave the packet filter alone
  --monitoring           Prometheus with the alerts as well (Grafana is not in Debian: its files are put in place where it is installed)
  --dry-run              say what would be done, change nothing
  --help                 this text

With DESTDIR=<folder> the files go into that tree and nothing of the running machine is touched.
Exit codes: 0 the machine is as it should be, 1 it could not be made so, 2 wrong usage.
TEXT
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=${DESTDIR:-}
server_name='' ssh_port=22 bun_file='' bun_from=https://github.com/oven-sh/bun/releases/download firewall=yes monitoring=no dry=no
changes=0

say() { printf '%s\n' "$*"; }
fail() { printf 'provision: %s\n' "$*" >&2; exit 1; }
wrong() { printf 'provision: %s\n\n' "$*" >&2; usage >&2; exit 2; }
value() { if [ $# -lt 2 ] || [ -z "$2" ]; then wrong "$1 needs a value"; fi; printf '%s' "$2"; }

while [ $# -gt 0 ]; do
  case $1 in
    --server-name) server_name=$(value "$@"); shift 2 ;;
    --ssh-port) ssh_port=$(value "$@"); shift 2 ;;
    --bun) bun_file=$(value "$@"); shift 2 ;;
    --bun-from) bun_from=$(value "$@"); shift 2 ;;
    --no-firewall) firewall=no; shift ;;
    --monitoring) monitoring=yes; shift ;;
    --dry-run) dry=yes; shift ;;
    --help) usage; exit 0 ;;
    *) wrong "not understood: $1" ;;
  esac
done
[[ $server_name =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$ ]] || wrong '--server-name has to be a host name in lower case'
[[ $bun_from =~ ^https://[^[:space:]]+$ ]] || wrong '--bun-from has to be an address that begins with https://'
if ! [[ $ssh_port =~ ^[1-9][0-9]{0,4}$ ]] || [ "$ssh_port" -gt 65535 ]; then wrong '--ssh-port has to be a port'; fi

# One change: said always, made unless this is a dry run. The function or command comes after the sentence.
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

# folder <path> <mode> <user> <group>
folder() {
  local path=$root$1
  if [ -d "$path" ] && [ "$(stat -c '%a %u %g' "$path")" = "${2#0} $(owner_of "$3") $(group_of "$4")" ]; then return; fi
  change "folder $1 ($2 $3:$4)" install -d -m "$2" -o "$(owner_of "$3")" -g "$(group_of "$4")" "$path"
}

# file <path> <mode> <user> <group>, content on standard input. Sets `placed` to yes when it was not so before.
file() {
  local path=$root$1 content
  content=$(cat; printf x)
  placed=no
  if [ -f "$path" ] && [ "$(cat "$path"; printf x)" = "$content" ] && [ "$(stat -c '%a %u %g' "$path")" = "${2#0} $(owner_of "$3") $(group_of "$4")" ]; then return; fi
  placed=yes
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
filled() { sed -e "s|@SERVER_NAME@|$server_name|g" -e "s|@SSH_PORT@|$ssh_port|g" "$here/$1"; }

check_machine() {
  say 'machine'
  [ -n "$root" ] || [ "$dry" = yes ] || [ "$(id -u)" = 0 ] || fail 'this has to be run as root'
  if [ -z "$root" ]; then
    # shellcheck source=/dev/null
    (. /etc/os-release && [ "$ID" = debian ] && [ "${VERSION_ID:-}" = 12 ]) || fail 'this is not Debian 12'
  fi
  case $(uname -m) in x86_64 | aarch64) ;; *) fail "no Bun for $(uname -m)" ;; esac
}

install_packages() {
  say 'packages'
  local wanted=(nginx redis-server nftables logrotate openssl ca-certificates curl unzip jq chrony certbot) missing=() name
  if [ "$monitoring" = yes ]; then wanted+=(prometheus prometheus-alertmanager); fi
  if [ -n "$root" ]; then say "  (left out in a tree: apt-get install ${wanted[*]})"; return; fi
  for name in "${wanted[@]}"; do dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name"); done
  if [ ${#missing[@]} -gt 0 ]; then
    change 'apt-get update' apt-get update --quiet
    change "apt-get install ${missing[*]}" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
  fi
}

make_user() {
  say 'user'
  if [ -n "$root" ]; then say '  (left out in a tree: user tapgrid, www-data in its group)'; return; fi
  getent passwd tapgrid >/dev/null || change 'user tapgrid' useradd --system --user-group --home-dir /var/lib/tapgrid --no-create-home --shell /usr/sbin/nologin tapgrid
  id -nG www-data 2>/dev/null | tr ' ' '\n' | grep -qx tapgrid || change 'www-data in the group tapgrid, for the socket' usermod --append --groups tapgrid www-data
}

make_folders() {
  say 'folders'
  folder /opt/tapgrid 0755 root root
  folder /opt/tapgrid/releases 0755 root root
  folder /opt/tapgrid/bun 0755 root root
  folder /etc/tapgrid 0750 root tapgrid
  folder /etc/tapgrid/credentials 0700 root root
  folder /etc/tapgrid/tls 0700 root root
  folder /var/lib/tapgrid 0700 tapgrid tapgrid
  folder /var/backups/tapgrid 0700 tapgrid tapgrid
  folder /var/lib/tapgrid-acme 0755 root root
  folder /var/cache/nginx 0755 root root
}

# The version is that of package.json, the checksum that of deploy/host/bun.sha256; whatever does not match is not installed.
install_bun() {
  say 'Bun'
  local version name target link=$root/opt/tapgrid/bun/current
  version=$(sed -n 's/^ *"bun": *"\([0-9][0-9.]*\)".*/\1/p' "$here/../package.json" | head -n 1)
  name=bun-$version-$(uname -m)
  grep -q "  $name\$" "$here/host/bun.sha256" || fail "there is no checksum of $name"
  target=/opt/tapgrid/bun/$version
  if ! is_right "$root$target/bun" "$name"; then change "Bun $version at $target" fetch_bun "$version" "$name" "$root$target"; fi
  if [ "$(readlink "$link" 2>/dev/null || true)" != "$version" ]; then change "Bun $version is the one in use" ln -sfn "$version" "$link"; fi
}
is_right() { [ -x "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$(sed -n "s/  $2\$//p" "$here/host/bun.sha256")" ]; }
fetch_bun() {
  local scratch archive machine=x64
  [ "$(uname -m)" = x86_64 ] || machine=aarch64
  archive=$bun_from/bun-v$1/bun-linux-$machine.zip
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$scratch'" EXIT
  if [ -n "$bun_file" ]; then
    install -m 0755 "$bun_file" "$scratch/bun"
  else
    curl --fail --silent --show-error --location --proto '=https' --retry 3 --connect-timeout 20 --output "$scratch/bun.zip" "$archive" || fail "Bun could not be fetched from $archive; bring it by hand with --bun"
    unzip -q -j "$scratch/bun.zip" '*/bun' -d "$scratch" 2>/dev/null || fail "$archive is not an archive with a Bun in it"
    chmod 0755 "$scratch/bun"
  fi
  is_right "$scratch/bun" "$2" || fail "the checksum is not that of Bun $1: not installed"
  install -d "$3"
  install -m 0755 "$scratch/bun" "$3/bun"
}

configure_redis() {
  say 'Redis'
  local secret=$root/etc/tapgrid/credentials/REDIS_URL password changed=no
  if [ ! -s "$secret" ]; then
    password=$(openssl rand -hex 32)
    file /etc/tapgrid/credentials/REDIS_URL 0600 root root <<<"redis://tapgrid:$password@127.0.0.1:6379"
  else
    password=$(sed -n 's|^redis://tapgrid:\([0-9a-f]*\)@.*|\1|p' "$secret")
  fi
  if [ -n "$password" ]; then
    file /etc/redis/tapgrid.acl 0640 redis redis < <(sed "s|@PASSWORD@|$password|" "$here/redis/tapgrid.acl")
    changed=$placed
  fi
  file /etc/redis/redis.conf 0640 redis redis <"$here/redis/redis.conf"
  if [ "$changed$placed" != nono ]; then act 'restart Redis' systemctl restart redis-server; fi
}

configure_nginx() {
  say 'nginx'
  local changed=no
  if [ ! -s "$root/etc/tapgrid/tls/fullchain.pem" ]; then
    change 'a certificate of our own making, until there is a real one' openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$server_name" \
      -addext "subjectAltName=DNS:$server_name" -keyout "$root/etc/tapgrid/tls/privkey.pem" -out "$root/etc/tapgrid/tls/fullchain.pem" 2>/dev/null
  fi
  file /etc/nginx/nginx.conf 0644 root root <"$here/nginx/nginx.conf"; changed=$changed$placed
  file /etc/nginx/conf.d/tapgrid.conf 0644 root root < <(filled nginx/tapgrid.conf); changed=$changed$placed
  file /etc/systemd/system/nginx.service.d/tapgrid.conf 0644 root root <<<$'[Service]\nLimitNOFILE=131072'; changed=$changed$placed
  file /etc/letsencrypt/renewal-hooks/deploy/tapgrid 0755 root root <"$here/host/certificate-hook.sh"
  if [ "$changed" != nononono ]; then
    act 'check the configuration of nginx' nginx -q -t
    act 'restart nginx' sh -c 'systemctl daemon-reload && systemctl restart nginx'
  fi
}

install_units() {
  say 'units'
  local unit changed=no
  for unit in "$here"/systemd/*.service "$here"/systemd/*.timer; do
    file "/etc/systemd/system/${unit##*/}" 0644 root root <"$unit"; changed=$changed$placed
  done
  for unit in tapgrid tapgrid-; do
    file "/etc/systemd/system/$unit.service.d/10-sandbox.conf" 0644 root root <"$here/systemd/sandbox.conf"; changed=$changed$placed
  done
  file /usr/local/sbin/tapgrid-run 0755 root root <"$here/host/tapgrid-run"
  # Opens /ops.
  if [ ! -e "$root/etc/tapgrid/credentials/OPERATOR_TOKEN" ]; then file /etc/tapgrid/credentials/OPERATOR_TOKEN 0600 root root < <(openssl rand -base64 24); fi
  if [ ! -e "$root/etc/tapgrid/tapgrid.env" ]; then file /etc/tapgrid/tapgrid.env 0640 root tapgrid < <(filled host/tapgrid.env); fi
  if [[ $changed == *yes* ]]; then
    act 'tell systemd' systemctl daemon-reload
    act 'start with the machine' systemctl enable --quiet nginx redis-server tapgrid.service tapgrid-tail.service tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer
  fi
}

configure_host() {
  say 'host'
  file /etc/sysctl.d/90-tapgrid.conf 0644 root root <"$here/host/sysctl.conf"
  if [ "$placed" = yes ]; then act 'apply the kernel settings' sysctl --quiet --system; fi
  file /etc/logrotate.d/nginx 0644 root root <"$here/host/logrotate.conf"
  file /etc/systemd/journald.conf.d/tapgrid.conf 0644 root root <"$here/host/journald.conf"
  if [ "$placed" = yes ]; then act 'restart the journal' systemctl restart systemd-journald; fi
  if [ "$firewall" = yes ]; then
    file /etc/nftables.conf 0755 root root < <(filled host/nftables.conf)
    if [ "$placed" = yes ]; then act 'load the packet filter' sh -c 'nft -c -f /etc/nftables.conf && systemctl enable --quiet nftables && systemctl restart nftables'; fi
  fi
}

configure_monitoring() {
  [ "$monitoring" = yes ] || return 0
  say 'monitoring'
  file /etc/prometheus/tapgrid-rules.yml 0644 root root <"$here/monitoring/rules.yml"
  local changed=$placed
  file /etc/prometheus/prometheus.yml 0644 root root <"$here/monitoring/prometheus.yml"
  changed=$changed$placed
  file /etc/default/prometheus 0644 root root <<<'ARGS="--web.listen-address=127.0.0.1:9090 --storage.tsdb.retention.time=90d"'
  if [ "$changed$placed" != nonono ]; then act 'restart Prometheus' systemctl restart prometheus; fi
  # One Alertmanager has nobody to gossip with; left to itself it looks for a private address and does not start on a machine that has none.
  file /etc/default/prometheus-alertmanager 0644 root root <<<'ARGS="--web.listen-address=127.0.0.1:9093 --cluster.listen-address="'
  if [ "$placed" = yes ]; then act 'restart Alertmanager' systemctl restart prometheus-alertmanager; fi
  if [ -d "$root/etc/grafana" ]; then
    file /etc/grafana/provisioning/datasources/tapgrid.yml 0644 root root <"$here/monitoring/grafana/provisioning/datasources/tapgrid.yml"
    file /etc/grafana/provisioning/dashboards/tapgrid.yml 0644 root root <"$here/monitoring/grafana/provisioning/dashboards/tapgrid.yml"
    file /etc/grafana/dashboards/tapgrid.json 0644 root root <"$here/monitoring/grafana/dashboards/tapgrid.json"
  fi
}

check_machine
install_packages
make_user
make_folders
install_bun
configure_redis
configure_nginx
install_units
configure_host
configure_monitoring
if [ "$dry" = yes ]; then say "$changes changes would be made."; else say "$changes changes made."; fi
