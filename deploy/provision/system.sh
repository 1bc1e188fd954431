# shellcheck shell=bash
# The machine itself: which system it is, packages, the user, folders, kernel, journal, updates.

check_machine() {
  local system
  say 'machine'
  [ -n "$root" ] || [ "$dry" = yes ] || [ "$(id -u)" = 0 ] || fail 'run this as root'
  if [ -z "$root" ] || [ -f "$root/etc/os-release" ]; then
    system="$(about_system ID) $(about_system VERSION_ID)"
    case $system in
      'debian 12' | 'debian 13' | 'ubuntu 22.04' | 'ubuntu 24.04') ;;
      *) fail "this is $system; expected Debian 12 or 13, or Ubuntu 22.04 or 24.04" ;;
    esac
  fi
  case $(uname -m) in x86_64 | aarch64) ;; *) fail "Tapgrid has no release for $(uname -m)" ;; esac
}

about_system() { sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$root/etc/os-release"; }

install_packages() {
  local wanted=(nginx nftables logrotate openssl openssh-client ca-certificates curl jq chrony certbot)
  local missing=() name
  say 'packages'
  if [ "$REDIS" = yes ]; then wanted+=(redis-server); fi
  if [ "$MONITORING" = yes ]; then wanted+=(prometheus prometheus-alertmanager); fi
  if [ "$SECURITY_UPDATES" = yes ]; then wanted+=(unattended-upgrades); fi
  if [ -n "$root" ]; then say "  (left out in a tree: apt-get install ${wanted[*]})"; return; fi
  for name in "${wanted[@]}"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    change 'apt-get update' apt-get update --quiet
    change "apt-get install ${missing[*]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
      apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
  fi
}

make_user() {
  say 'user'
  if [ -n "$root" ]; then say '  (left out in a tree: user tapgrid, www-data in its group)'; return; fi
  if ! getent passwd tapgrid >/dev/null; then
    change 'user tapgrid' useradd --system --user-group --home-dir /var/lib/tapgrid --no-create-home \
      --shell /usr/sbin/nologin tapgrid
  fi
  if ! id -nG www-data 2>/dev/null | tr ' ' '\n' | grep -qx tapgrid; then
    change 'add www-data to the group tapgrid, for the socket' usermod --append --groups tapgrid www-data
  fi
}

make_folders() {
  say 'folders'
  folder /opt/tapgrid 0755 root root
  folder /opt/tapgrid/releases 0755 root root
  folder /etc/tapgrid 0750 root tapgrid
  folder /etc/tapgrid/credentials 0700 root root
  folder /etc/tapgrid/filter.d 0755 root root
  folder /etc/tapgrid/kept 0700 root root
  folder /etc/tapgrid/tls 0700 root root
  folder /var/lib/tapgrid 0700 tapgrid tapgrid
  folder /var/backups/tapgrid 0700 tapgrid tapgrid
  folder /var/lib/tapgrid-acme 0755 root root
  folder /var/cache/nginx 0755 root root
}

# What is there stays: settings and secrets are the operator's.
make_secrets() {
  local operators=/etc/tapgrid/operators settings=/etc/tapgrid/tapgrid.env
  say 'settings and secrets'
  if [ ! -e "$root$operators" ]; then
    owned_file $operators 0640 root tapgrid \
      <<<'# Name and SHA-256 of the token of each operator: tapgrid operators add'
  fi
  if [ ! -e "$root$settings" ]; then owned_file $settings 0640 root tapgrid < <(filled host/tapgrid.env); fi
}

configure_host() {
  say 'host'
  touched=no
  file /etc/sysctl.d/90-tapgrid.conf 0644 root root <"$here/host/sysctl.conf"
  if [ "$touched" = yes ]; then act 'apply the kernel settings' sysctl --quiet --system; fi
  file /etc/logrotate.d/nginx 0644 root root <"$here/host/logrotate.conf"
  touched=no
  file /etc/systemd/journald.conf.d/tapgrid.conf 0644 root root <"$here/host/journald.conf"
  if [ "$touched" = yes ]; then act 'restart the journal' systemctl restart systemd-journald; fi
}

# Of the system alone, and never a reboot or a restart of the house that nobody has asked for.
update_security() {
  local restarts=/etc/needrestart/conf.d
  [ "$SECURITY_UPDATES" = yes ] || return 0
  say 'security updates'
  file /etc/apt/apt.conf.d/52tapgrid 0644 root root <"$here/host/security-updates.conf"
  if [ -d "$root$restarts" ]; then
    file $restarts/tapgrid.conf 0644 root root <<<"\$nrconf{override_rc}{qr(^tapgrid)} = 0;"
  fi
}
