# shellcheck shell=bash
# The packet filter: a table of its own, so that tables and rules of others stay.

filter_rules=/etc/tapgrid/nftables.conf
own_rules=/etc/tapgrid/filter.d
readonly FILTER_INCLUDE="include \"$filter_rules\""
# Why the files cannot be loaded. Everything else is done first, then the run fails with this.
filter_fault=''

configure_firewall() {
  local before
  if [ "$FIREWALL" = no ]; then
    if [ -n "${previous[$filter_rules]:-}" ]; then act 'remove the packet filter' drop_filter; fi
    return 0
  fi
  say 'packet filter'
  before=$(rules_before)
  touched=no
  file "$filter_rules" 0644 root root < <(sed "s|@SSH_PORTS@|${SSH_PORTS// /, }|g" "$here/host/nftables.conf")
  bring_filter_up "$before"
  include_filter
  name_other_filters
}

# bring_filter_up <the rules of before>: what the kernel has is compared with the files on every run, because
# rules of the operator's own, a flush or a failed start of the machine change it without changing our file.
bring_filter_up() {
  local state
  if [ "$touched" = yes ] && { [ "$dry" = yes ] || [ -n "$root" ]; }; then
    act 'load the packet filter' true
    return
  fi
  if [ -n "$root" ]; then return; fi
  if [ "$(id -u)" != 0 ]; then say '  (only root can compare it with the kernel)'; return; fi
  if ! check_filter; then return; fi
  state=$(filter_state)
  if [ "$state" = loaded ]; then return; fi
  act "load the packet filter ($state)" load_filter "$1"
}

# Whether the kernel would take the files. What is in force stays until it does.
check_filter() {
  local said path
  if said=$(nft -c -f "$filter_rules" 2>&1); then return; fi
  say "  ${said//$'\n'/$'\n'  }"
  path=$(grep -o "$own_rules/[^:]*\.nft" <<<"$said" | head -n 1 || true)
  filter_fault="the kernel rejects ${path:-$filter_rules}, so the packet filter was not loaded"
  return 1
}

# loaded, not loaded, or differs from the files. Where the system allows no network of its own, only a change
# of our file tells.
filter_state() {
  local running expected
  running=$(running_table) || { echo 'not loaded'; return; }
  if ! expected=$(table_of "$filter_rules" 2>/dev/null) && [ "$touched" = no ]; then expected=$running; fi
  if [ "$running" = "$expected" ]; then echo loaded; else echo 'differs from the files'; fi
}
# Without what counts or fills itself. The doctor compares the same.
running_table() { nft --stateless --terse list table inet tapgrid 2>/dev/null; }
# How the kernel shows the table of a file, seen in a network of its own.
# shellcheck disable=SC2016
table_of() {
  unshare --net sh -c 'nft -f "$1" && nft --stateless --terse list table inet tapgrid' sh "$1"
}

# What any filter drops is dropped: ours cannot let in what another one keeps out.
name_other_filters() {
  [ -z "$root" ] || return 0
  if command -v ufw >/dev/null && ufw status 2>/dev/null | grep -q '^Status: active'; then
    say '  ufw is active too and drops everything else: ufw allow 80,443/tcp; or ufw disable'
  fi
  if command -v firewall-cmd >/dev/null && [ "$(firewall-cmd --state 2>/dev/null)" = running ]; then
    say '  firewalld runs too and drops everything else:'
    say '    firewall-cmd --permanent --add-service={http,https}'
  fi
}

# The file that made the table as it runs, unless somebody has edited it. A version of before had it in
# /etc/nftables.conf.
rules_before() {
  local old=$root$filter_rules
  if [ -f "$old" ]; then
    if has_hash "$old" "${previous[$filter_rules]:-}"; then cat "$old"; fi
  elif grep -q 'table inet tapgrid' "$root/etc/nftables.conf" 2>/dev/null; then
    cat "$root/etc/nftables.conf"
  fi
}

# At the start of the machine nftables.service reads /etc/nftables.conf, which is the operator's: one line of
# it is ours.
include_filter() {
  local path=$root/etc/nftables.conf
  if grep -q 'table inet tapgrid' "$path" 2>/dev/null; then
    change 'keep the earlier packet filter as /etc/nftables.conf.before' mv "$path" "$path.before"
  fi
  if ! grep -qxF "$FILTER_INCLUDE" "$path" 2>/dev/null; then
    change 'include our rules in /etc/nftables.conf' append_include "$path"
  fi
  if [ -z "$root" ] && ! systemctl is-enabled --quiet nftables; then
    act 'load the packet filter at boot' systemctl enable --quiet nftables
  fi
}
append_include() {
  [ -e "$1" ] || (umask 022 && echo '#!/usr/sbin/nft -f' >"$1" && chmod 0755 "$1")
  printf '%s\n' "$FILTER_INCLUDE" >>"$1"
}

# load_filter <the rules of before>. nftables.service is not started: what it reads may begin with a flush of
# everybody's tables.
load_filter() {
  keep_typed_rules "${1:-$(cat "$filter_rules")}"
  nft -f "$filter_rules"
}

# Rules that somebody has typed into the chain of ours would go when it is replaced: they are kept for good.
# The files of the operator fill a chain of their own, so that a rule taken out of them is not mistaken for
# one that was typed.
keep_typed_rules() {
  local typed earlier
  running_table >/dev/null || return 0
  if ! earlier=$(table_of <(printf '%s\n' "$1") 2>/dev/null); then
    say '  the earlier rules cannot be read, so rules added with nft are not kept'
    return 0
  fi
  typed=$(comm -13 <(rules_of_input <<<"$earlier") <(running_table | rules_of_input))
  if [ -n "$typed" ]; then
    say "  rules added with nft are kept in $own_rules/typed.nft:"
    say "$typed"
    printf '%s\n' "$typed" >>"$own_rules/typed.nft"
  fi
}
rules_of_input() {
  sed -n '/^\tchain input {/,/^\t}/s/^\t\t//p' | grep -v '^type filter hook' | sort || true
}

drop_filter() {
  nft delete table inet tapgrid 2>/dev/null || true
  sed -i "\\|^$FILTER_INCLUDE\$|d" /etc/nftables.conf
}
