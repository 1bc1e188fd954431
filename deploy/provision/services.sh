# shellcheck shell=bash
# What runs: Redis, nginx with the certificates, the units of Tapgrid, Prometheus and Alertmanager.

# older <program that says its version with the switch> <switch> <version>: what is installed is older than that; in a tree nothing is.
older() {
  local found
  [ -z "$root" ] && command -v "$1" >/dev/null || return 1
  found=$("$1" "$2" 2>&1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
  [ "$found" != "$3" ] && [ "$(printf '%s\n' "$found" "$3" | sort -V | head -n 1)" = "$found" ]
}

configure_redis() {
  local secret=/etc/tapgrid/credentials/REDIS_URL password changed=no
  if [ "$REDIS" = no ]; then
    if [ -n "${previous[/etc/redis/redis.conf]:-}" ]; then
      change "without $secret" rm -f "$root$secret"
      act 'stop Redis' systemctl disable --quiet --now redis-server
    fi
    return 0
  fi
  say 'Redis'
  if [ ! -s "$root$secret" ]; then
    password=$(openssl rand -hex 32)
    owned_file "$secret" 0600 root root <<<"redis://tapgrid:$password@127.0.0.1:6379"
  else
    password=$(sed -n 's|^redis://tapgrid:\([0-9a-f]*\)@.*|\1|p' "$root$secret")
  fi
  if [ -n "$password" ]; then
    # A secret: in no list.
    owned_file /etc/redis/tapgrid.acl 0640 redis redis < <(acl_for "$password")
    changed=$placed
  fi
  file /etc/redis/redis.conf 0640 redis redis <"$here/redis/redis.conf"
  if [ "$changed$placed" != nono ]; then act 'restart Redis' sh -c 'systemctl enable --quiet redis-server && systemctl restart redis-server'; fi
}

# Before 6.2 Redis had no rights on channels.
acl_for() { sed -e "s|@PASSWORD@|$1|" "$here/redis/tapgrid.acl" | if older redis-server --version 6.2.0; then sed 's/ &\*//'; else cat; fi; }

# make_certificate <name> <folder>
make_certificate() {
  if [ ! -s "$root$2/fullchain.pem" ]; then
    change "a certificate of our own making for $1, until there is a real one" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$1" \
      -addext "subjectAltName=DNS:$1" -keyout "$root$2/privkey.pem" -out "$root$2/fullchain.pem" 2>/dev/null
  fi
}

# Before 1.19.4 nginx could not turn away who asks for no name of ours without showing a certificate: it shows one of nobody.
proxy_config() {
  if older nginx -v 1.19.4; then
    filled nginx/tapgrid.conf | sed 's|^  ssl_reject_handshake on;|  ssl_certificate /etc/tapgrid/tls/nobody/fullchain.pem;\n  ssl_certificate_key /etc/tapgrid/tls/nobody/privkey.pem;\n  return 444;|'
  else
    filled nginx/tapgrid.conf
  fi
}

configure_nginx() {
  local former changed=no unit
  say 'nginx'
  make_certificate "$SERVER_NAME" /etc/tapgrid/tls
  if older nginx -v 1.19.4; then
    folder /etc/tapgrid/tls/nobody 0700 root root
    make_certificate nobody.invalid /etc/tapgrid/tls/nobody
  fi
  for former in $FORMER_NAMES; do
    folder "/etc/tapgrid/tls/$former" 0700 root root
    make_certificate "$former" "/etc/tapgrid/tls/$former"
  done
  file /etc/nginx/nginx.conf 0644 root root <"$here/nginx/nginx.conf"; changed=$changed$placed
  file /etc/nginx/conf.d/tapgrid.conf 0644 root root < <(proxy_config); changed=$changed$placed
  # Before nginx is told: what is the present name again must not lead away from itself.
  for unit in "${!previous[@]}"; do
    if [[ $unit =~ ^/etc/nginx/conf\.d/tapgrid\.former-(.*)\.conf$ ]] && [[ " $FORMER_NAMES " != *" ${BASH_REMATCH[1]} "* ]] && [ -e "$root$unit" ]; then
      change "without $unit" rm -f "$root$unit"
      changed=yes
    fi
  done
  for former in $FORMER_NAMES; do
    file "/etc/nginx/conf.d/tapgrid.former-$former.conf" 0644 root root < <(filled nginx/former-name.conf | sed "s|@FORMER_NAME@|$former|g"); changed=$changed$placed
  done
  file /etc/systemd/system/nginx.service.d/tapgrid.conf 0644 root root < <(cat "$here/systemd/nginx.conf" "$here/systemd/neighbour.conf"); unit=$placed
  file /etc/letsencrypt/renewal-hooks/deploy/tapgrid 0755 root root <"$here/host/certificate-hook.sh"
  if [ "$unit" = yes ]; then
    act 'restart nginx' sh -c 'nginx -q -t && systemctl daemon-reload && systemctl enable --quiet nginx && systemctl restart nginx'
  elif [[ $changed == *yes* ]]; then
    act 'nginx reads its settings' sh -c 'nginx -q -t && systemctl reload-or-restart nginx'
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
  file /usr/local/sbin/tapgrid 0755 root root <"$here/host/tapgrid"
  file /usr/local/sbin/tapgrid-run 0755 root root <"$here/host/tapgrid-run"
  if [[ $changed == *yes* ]]; then
    act 'tell systemd' systemctl daemon-reload
    act 'start with the machine' systemctl enable --quiet tapgrid.service tapgrid-tail.service tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer tapgrid-probe.timer
  fi
}

# Before the first release there is nothing for them to run.
start_jobs() {
  local unit
  if [ -n "$root" ] || [ ! -x /opt/tapgrid/current/tapgrid ]; then return 0; fi
  for unit in tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer tapgrid-probe.timer tapgrid-tail.service; do
    if [ "$(systemctl is-active "$unit")" = inactive ]; then act "start $unit" systemctl start "$unit"; fi
  done
}

configure_monitoring() {
  local changed unit
  if [ "$MONITORING" = no ]; then
    if [ -n "${previous[/etc/prometheus/prometheus.yml]:-}" ]; then act 'stop Prometheus and Alertmanager' systemctl disable --quiet --now prometheus prometheus-alertmanager; fi
    return 0
  fi
  say 'monitoring'
  file /etc/prometheus/tapgrid-rules.yml 0644 root root <"$here/monitoring/rules.yml"; changed=$placed
  file /etc/prometheus/prometheus.yml 0644 root root <"$here/monitoring/prometheus.yml"; changed=$changed$placed
  file /etc/default/prometheus 0644 root root <<<'ARGS="--web.listen-address=127.0.0.1:9090 --storage.tsdb.retention.time=90d"'; changed=$changed$placed
  file /etc/systemd/system/prometheus.service.d/tapgrid.conf 0644 root root < <(cat "$here/systemd/prometheus.conf" "$here/systemd/neighbour.conf"); changed=$changed$placed
  if [[ $changed == *yes* ]]; then act 'restart Prometheus' sh -c 'systemctl daemon-reload && systemctl enable --quiet prometheus && systemctl restart prometheus'; fi
  # One Alertmanager has nobody to gossip with; left to itself it looks for a private address and does not start on a machine that has none.
  file /etc/default/prometheus-alertmanager 0644 root root <<<'ARGS="--web.listen-address=127.0.0.1:9093 --cluster.listen-address="'; changed=$placed
  file /etc/systemd/system/prometheus-alertmanager.service.d/tapgrid.conf 0644 root root < <(cat "$here/systemd/prometheus.conf" "$here/systemd/neighbour.conf"); changed=$changed$placed
  # The receivers are the operator's: what came with the package is replaced, what they have written stays.
  if [ ! -s "$root/etc/prometheus/alertmanager.yml" ] || grep -q team-X-mails "$root/etc/prometheus/alertmanager.yml"; then
    owned_file /etc/prometheus/alertmanager.yml 0640 root prometheus <"$here/monitoring/alertmanager.yml"
    changed=$changed$placed
  fi
  if [[ $changed == *yes* ]]; then act 'restart Alertmanager' sh -c 'systemctl daemon-reload && systemctl enable --quiet prometheus-alertmanager && systemctl restart prometheus-alertmanager'; fi
  if [ -d "$root/etc/grafana" ]; then
    for unit in provisioning/datasources/tapgrid.yml provisioning/dashboards/tapgrid.yml dashboards/tapgrid.json; do
      file "/etc/grafana/$unit" 0644 root root <"$here/monitoring/grafana/$unit"
    done
  fi
}
