# shellcheck shell=bash
# What runs: Redis, nginx with the certificates, the units of Tapgrid, Prometheus and Alertmanager.

timers=(tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer tapgrid-probe.timer)
units=/etc/systemd/system
# How many edges this machine has.
edges=1

# start_anew <unit> [command that has to go well before]. One that has failed again and again, such as under
# the settings of its package, would not be started for a while.
start_anew() {
  systemctl reset-failed "$1" 2>/dev/null || true
  sh -c "${2:-true} && systemctl daemon-reload && systemctl enable --quiet $1 && systemctl restart $1"
}

# older <program> <switch that has it say its version> <version>: what is installed is older than that; in a
# tree nothing is.
older() {
  local found
  [ -z "$root" ] && command -v "$1" >/dev/null || return 1
  found=$("$1" "$2" 2>&1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
  [ "$found" != "$3" ] && [ "$(printf '%s\n' "$found" "$3" | sort -V | head -n 1)" = "$found" ]
}

configure_redis() {
  local secret=/etc/tapgrid/credentials/REDIS_URL password
  if [ "$REDIS" = no ]; then
    if [ -n "${previous[/etc/redis/redis.conf]:-}" ]; then
      change "remove $secret" rm -f "$root$secret" "$root/etc/redis/tapgrid.acl"
      act 'stop Redis' systemctl disable --quiet --now redis-server
    fi
    return 0
  fi
  say 'Redis'
  touched=no
  if [ ! -s "$root$secret" ]; then
    password=$(openssl rand -hex 32)
    owned_file "$secret" 0600 root root <<<"redis://tapgrid:$password@127.0.0.1:6379"
  else
    password=$(sed -n 's|^redis://tapgrid:\([0-9a-f]*\)@.*|\1|p' "$root$secret")
  fi
  # This file has the password in it, so it is not in the list of installed files.
  if [ -n "$password" ]; then owned_file /etc/redis/tapgrid.acl 0640 redis redis < <(acl_for "$password"); fi
  file /etc/redis/redis.conf 0640 redis redis <"$here/redis/redis.conf"
  if [ "$touched" = yes ]; then act 'restart Redis' start_anew redis-server; fi
}
# Before 6.2 Redis had no rights on channels.
acl_for() {
  local rights=$here/redis/tapgrid.acl
  sed "s|@PASSWORD@|$1|" "$rights" | if older redis-server --version 6.2.0; then sed 's/ &\*//'; else cat; fi
}

# make_certificate <name> <folder>
make_certificate() {
  if [ -s "$root$2/fullchain.pem" ]; then return; fi
  # The folder of all of them is made with the others.
  if [ "$2" != /etc/tapgrid/tls ]; then folder "$2" 0700 root root; fi
  change "self-signed certificate for $1, until there is a real one" openssl req -x509 -newkey ec \
    -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" \
    -keyout "$root$2/privkey.pem" -out "$root$2/fullchain.pem" 2>/dev/null
}

# EDGES of the settings, of which auto leaves one core to the engine. While the settings are wrong, which
# deploy.sh and the server say, it stays at what is there.
count_edges() {
  local found
  edges=$(enabled_edges | wc -l)
  if [ -z "$root" ] && [ -x "$here/../tapgrid" ]; then
    found=$(setting EDGES) || found=$edges
    if [ "$found" = auto ]; then found=$(($(nproc) - 1)); fi
    edges=$found
  fi
  if [ "$edges" -lt 1 ]; then edges=1; fi
}
# Numbers of those that start with the server, one a line.
enabled_edges() {
  local path number
  for path in "$root$units"/tapgrid.service.wants/tapgrid-edge@*.service; do
    number=${path##*@}
    if [ -L "$path" ]; then printf '%s\n' "${number%.service}"; fi
  done
}

configure_nginx() {
  local former unit_touched sites=/etc/nginx/conf.d
  say 'nginx'
  make_certificate "$SERVER_NAME" /etc/tapgrid/tls
  for former in $FORMER_NAMES; do make_certificate "$former" "/etc/tapgrid/tls/$former"; done
  if older nginx -v 1.19.4; then make_certificate nobody.invalid /etc/tapgrid/tls/nobody; fi
  touched=no
  file /etc/systemd/system/nginx.service.d/tapgrid.conf 0644 root root < <(confined nginx)
  unit_touched=$touched
  file /etc/nginx/nginx.conf 0644 root root <"$here/nginx/nginx.conf"
  file "$sites/tapgrid.conf" 0644 root root < <(proxy_config)
  forget_present_names "$sites"
  for former in $FORMER_NAMES; do
    # Named so that it is read after the one above, whose log it writes.
    file "$sites/tapgrid.former-$former.conf" 0644 root root \
      < <(filled nginx/former-name.conf | sed "s|@FORMER_NAME@|$former|g")
  done
  file /etc/letsencrypt/renewal-hooks/deploy/tapgrid 0755 root root <"$here/host/certificate-hook.sh"
  if [ "$unit_touched" = yes ]; then
    act 'restart nginx' start_anew nginx 'nginx -q -t'
  elif [ "$touched" = yes ]; then
    act 'reload nginx' sh -c 'nginx -q -t && systemctl reload-or-restart nginx'
  fi
}
# Before 1.19.4 nginx could not turn away who asks for no name of ours without showing a certificate: it shows
# one of nobody.
proxy_config() {
  local tls=/etc/tapgrid/tls/nobody
  if older nginx -v 1.19.4; then
    with_edges | sed \
      -e '/^  ssl_reject_handshake on;/i \  ssl_certificate '$tls'/fullchain.pem;' \
      -e 's|^  ssl_reject_handshake on;|  ssl_certificate_key '$tls'/privkey.pem;\n  return 444;|'
  else
    with_edges
  fi
}
# The line of the first edge, once for each.
with_edges() {
  local line number
  filled nginx/tapgrid.conf | while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in *unix:/run/tapgrid-edge-1/*) ;; *) continue ;; esac
    for ((number = 2; number <= edges; number++)); do printf '%s\n' "${line//edge-1/edge-$number}"; done
  done
}
# Before nginx reloads: what is the present name again must not lead away from itself.
forget_present_names() {
  local path name
  for path in "${!previous[@]}"; do
    name=${path#"$1/tapgrid.former-"}
    if [ "$name" = "$path" ] || [ ! -e "$root$path" ]; then continue; fi
    if [[ " $FORMER_NAMES " == *" ${name%.conf} "* ]]; then continue; fi
    change "remove $path" rm -f "$root$path"
    touched=yes
  done
}

install_units() {
  local unit
  say 'units'
  touched=no
  for unit in "$here"/systemd/*.service "$here"/systemd/*.timer; do
    file "/etc/systemd/system/${unit##*/}" 0644 root root <"$unit"
  done
  for unit in tapgrid tapgrid- tapgrid-edge@; do
    file "/etc/systemd/system/$unit.service.d/10-sandbox.conf" 0644 root root <"$here/systemd/sandbox.conf"
  done
  allow_backups
  if [ "$touched" = yes ]; then
    act 'reload systemd' systemctl daemon-reload
    act 'start the units at boot' systemctl enable --quiet tapgrid.service tapgrid-tail.service "${timers[@]}"
  fi
  enable_edges
  file /usr/local/sbin/tapgrid 0755 root root <"$here/host/tapgrid"
  file /usr/local/sbin/tapgrid-run 0755 root root <"$here/host/tapgrid-run"
}
# As many as there are to be start with the server; those beyond end.
enable_edges() {
  local number
  if [ -n "$root" ]; then return; fi
  for number in $(enabled_edges); do
    if [ "$number" -le "$edges" ]; then continue; fi
    act "stop edge $number" systemctl disable --quiet --now "tapgrid-edge@$number.service"
  done
  for ((number = 1; number <= edges; number++)); do
    if [ -L "$root$units/tapgrid.service.wants/tapgrid-edge@$number.service" ]; then continue; fi
    act "start edge $number with the server" systemctl enable --quiet "tapgrid-edge@$number.service"
  done
}
# setting <key>: the value that the server uses.
setting() {
  env SETTINGS_FILE=/etc/tapgrid/tapgrid.env SETTINGS_WITHHELD=BACKUP_S3_BUCKET DATA_DIR=/var/lib/tapgrid \
    "$here/../tapgrid" settings "$1" 2>/dev/null
}
# Units may write to the usual folder of backups alone; where the settings name another one, to that too.
allow_backups() {
  local unit found='' usual=/var/backups/tapgrid books=/var/lib/tapgrid name=20-backups.conf
  if [ -z "$root" ] && [ -x "$here/../tapgrid" ]; then
    found=$(setting BACKUP_DIR) || found=unknown
    if [ "$(setting DATA_DIR || echo $books)" != $books ]; then
      say "  DATA_DIR is not $books, where the units keep the books: mount another disk there instead"
    fi
  fi
  for unit in tapgrid tapgrid-; do
    unit=/etc/systemd/system/$unit.service.d/$name
    case $found in
      '' | "$usual") ;;
      # The settings are wrong, which deploy.sh and the server say: what was allowed stays.
      unknown) if [ -f "$root$unit" ]; then file "$unit" 0644 root root <"$root$unit"; fi ;;
      *) file "$unit" 0644 root root < <(printf '[Service]\nReadWritePaths="-%s"\n' "${found//%/%%}") ;;
    esac
  done
}
# The commands of this release, to see settings and to restore a house before the first one is in service.
bring_commands() {
  local own=$here/.. brought=/opt/tapgrid/brought
  if [ -n "$root" ] || [ -x /opt/tapgrid/current/tapgrid ] || [ ! -x "$own/tapgrid" ]; then return 0; fi
  if cmp --silent "$own/SHA256SUMS" "$brought/SHA256SUMS"; then return 0; fi
  change "install the commands of this release, until one is in service" copy_release "$own" "$brought"
}
copy_release() {
  rm -rf "$2" "$2.unfinished"
  cp --recursive --no-preserve=ownership "$1/." "$2.unfinished"
  chmod -R go-w,a+rX "$2.unfinished"
  mv -T "$2.unfinished" "$2"
}
# A drop-in for a program beside the server: what it needs, then what none of them may do.
confined() { cat "$here/systemd/$1.conf" "$here/systemd/neighbour.conf"; }

# Before the first release there is nothing for them to run. An edge is started where an engine expects it: a
# release from before there were edges would take it for a second house.
start_jobs() {
  local unit
  if [ -n "$root" ] || [ ! -x /opt/tapgrid/current/tapgrid ]; then return 0; fi
  if [ -S /run/tapgrid/link.sock ]; then
    for unit in $(enabled_edges); do start_idle "tapgrid-edge@$unit.service"; done
  fi
  for unit in "${timers[@]}" tapgrid-tail.service; do start_idle "$unit"; done
}
start_idle() {
  if [ "$(systemctl is-active "$1")" = inactive ]; then act "start $1" systemctl start "$1"; fi
}

configure_monitoring() {
  local path receivers=/etc/prometheus/alertmanager.yml
  if [ "$MONITORING" = no ]; then
    if [ -n "${previous[/etc/prometheus/prometheus.yml]:-}" ]; then
      act 'stop Prometheus and Alertmanager' \
        systemctl disable --quiet --now prometheus prometheus-alertmanager
    fi
    return 0
  fi
  say 'monitoring'
  touched=no
  file /etc/prometheus/tapgrid-rules.yml 0644 root root <"$here/monitoring/rules.yml"
  file /etc/prometheus/prometheus.yml 0644 root root <"$here/monitoring/prometheus.yml"
  file /etc/default/prometheus 0644 root root \
    <<<'ARGS="--web.listen-address=127.0.0.1:9090 --storage.tsdb.retention.time=90d"'
  file $units/prometheus.service.d/tapgrid.conf 0644 root root < <(confined prometheus)
  if [ "$touched" = yes ]; then act 'restart Prometheus' start_anew prometheus; fi
  touched=no
  # One Alertmanager has nobody to gossip with; left to itself it looks for a private address and does not
  # start on a machine that has none.
  file /etc/default/prometheus-alertmanager 0644 root root \
    <<<'ARGS="--web.listen-address=127.0.0.1:9093 --cluster.listen-address="'
  file $units/prometheus-alertmanager.service.d/tapgrid.conf 0644 root root < <(confined prometheus)
  # The receivers are the operator's: what came with the package is replaced, what they have written stays.
  if [ ! -s "$root$receivers" ] || grep -q team-X-mails "$root$receivers"; then
    owned_file $receivers 0640 root prometheus <"$here/monitoring/alertmanager.yml"
  fi
  if [ "$touched" = yes ]; then act 'restart Alertmanager' start_anew prometheus-alertmanager; fi
  if [ -d "$root/etc/grafana" ]; then
    for path in provisioning/datasources provisioning/dashboards; do
      file "/etc/grafana/$path/tapgrid.yml" 0644 root root <"$here/monitoring/grafana/$path/tapgrid.yml"
    done
    file /etc/grafana/dashboards/tapgrid.json 0644 root root \
      <"$here/monitoring/grafana/dashboards/tapgrid.json"
  fi
}
