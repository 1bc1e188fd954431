# shellcheck shell=bash
# ssh: which ports stay open, and whether passwords are taken. Whoever is logged in must be able to come back.

# The port on which whoever runs this is logged in; nothing where they are at the console. sudo drops the
# variable, the processes above have it.
login_port() {
  local pid=$$ connection=${SSH_CONNECTION:-}
  while [ -z "$connection" ] && [ -z "$root" ] && [ "$pid" -gt 1 ]; do
    connection=$(tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p')
    pid=$(awk '$1 == "PPid:" {print $2}' "/proc/$pid/status" 2>/dev/null || echo 0)
  done
  # address port address port
  # shellcheck disable=SC2086
  set -- $connection
  printf '%s' "${4:-}"
}
# Where ssh is set to listen, and where it does; neither may be known.
configured_ports() {
  if [ -n "$root" ]; then return; fi
  # Where systemd listens for it, the folder without which it does not even tell its settings may be missing.
  mkdir -p /run/sshd
  /usr/sbin/sshd -T 2>/dev/null | sed -n 's/^port //p' || true
}
listening_ports() {
  if [ -n "$root" ]; then return; fi
  ss -Hltnp 2>/dev/null | awk '/"sshd"/ {count = split($4, part, ":"); print part[count]}' || true
}
# in_order <ports …>
in_order() { printf '%s\n' "$@" | sort -un | paste -sd ' '; }

# What was said, now or before; else what ssh listens on. The port of the present login is never closed, and
# neither is the last one on which ssh answers: who is at the console today comes by ssh tomorrow.
# shellcheck disable=SC2046,SC2086
choose_ssh_ports() {
  local login reached port answers=no
  say 'ssh'
  reached=$(in_order $(listening_ports))
  if [ -z "$SSH_PORTS" ]; then SSH_PORTS="$reached $(configured_ports)"; fi
  SSH_PORTS=$(in_order ${SSH_PORTS})
  SSH_PORTS=${SSH_PORTS:-22}
  reached=${reached:-$(in_order $(configured_ports))}
  for port in $reached; do if [[ " $SSH_PORTS " == *" $port "* ]]; then answers=yes; fi; done
  if [ -n "$reached" ] && [ $answers = no ]; then
    say "  ssh listens on $reached and not on $SSH_PORTS, so $reached stays open too; to move it, set Port in"
    say '  /etc/ssh/sshd_config, restart ssh, then run this with --ssh-port again'
    SSH_PORTS=$(in_order $SSH_PORTS $reached)
  fi
  login=$(login_port)
  if is_port "$login" && [[ " $SSH_PORTS " != *" $login "* ]]; then
    say "  you are logged in on port $login, so it stays open too: $SSH_PORTS"
    SSH_PORTS="$SSH_PORTS $login"
  fi
  say "  reachable on $SSH_PORTS"
}

# Users who would get in with a key: root, and whoever may become root.
users_with_keys() {
  local user home shell keys
  getent passwd | while IFS=: read -r user _ _ _ _ home shell; do
    case $shell in */nologin | */false) continue ;; esac
    [ "$user" = root ] || id -nG "$user" 2>/dev/null | tr ' ' '\n' | grep -qxE 'sudo|admin|wheel' || continue
    for keys in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2"; do
      if [ -s "$keys" ] && ssh-keygen -l -f "$keys" >/dev/null 2>&1; then printf '%s ' "$user"; break; fi
    done
  done
}

ssh_drop_in=/etc/ssh/sshd_config.d/10-tapgrid.conf

# Before anything is remembered or done.
check_ssh_keys() {
  local users
  if [ "$SSH_KEYS_ONLY" = no ] || [ -n "$root" ]; then return 0; fi
  grep -qiE '^[[:space:]]*Include[[:space:]]+/etc/ssh/sshd_config\.d/' /etc/ssh/sshd_config 2>/dev/null ||
    fail '/etc/ssh/sshd_config does not include /etc/ssh/sshd_config.d, so ssh cannot be configured there'
  users=$(users_with_keys)
  [ -n "$users" ] ||
    fail 'nobody who can become root has an ssh key here; add one to ~/.ssh/authorized_keys and test it'
  if [ -n "${SUDO_USER:-}" ] && [[ " $users" != *" $SUDO_USER "* ]]; then
    fail "$SUDO_USER, who is logged in, has no ssh key here; passwords stay on"
  fi
  say "  users with a key: $users"
}

secure_ssh() {
  if [ "$SSH_KEYS_ONLY" = yes ]; then
    touched=no
    file "$ssh_drop_in" 0644 root root <"$here/host/sshd.conf"
    if [ "$touched" = yes ]; then act 'turn off ssh passwords' reload_ssh; fi
  elif [ -e "$root$ssh_drop_in" ] && [ -n "${previous[$ssh_drop_in]:-}" ]; then
    change "remove $ssh_drop_in" rm -f "$root$ssh_drop_in"
    act 'turn on ssh passwords' reload_ssh
  fi
}
reload_ssh() {
  mkdir -p /run/sshd
  if ! /usr/sbin/sshd -t; then rm -f "$ssh_drop_in"; fail 'ssh rejects these settings; undone'; fi
  # A connection that stands is not touched by it.
  systemctl try-reload-or-restart ssh.service
}
