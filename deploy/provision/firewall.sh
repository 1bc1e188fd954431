# shellcheck shell=bash
# The packet filter: a table of its own, so that tables and rules of others stay.

filter_rules=/etc/tapgrid/nftables.conf
own_rules=/etc/tapgrid/filter.d
readonly FILTER_INCLUDE="include \"$filter_rules\""

configure_firewall() {
  local before
  if [ "$FIREWALL" = no ]; then
    if [ -n "${previous[$filter_rules]:-}" ]; then act 'take the packet filter away' drop_filter; fi
    return 0
  fi
  say 'packet filter'
  before=$(rules_before)
  touched=no
  file "$filter_rules" 0644 root root < <(sed "s|@SSH_PORTS@|${SSH_PORTS// /, }|g" "$here/host/nftables.conf")
  if [ "$touched" = yes ]; then act 'load the packet filter' load_filter "$before"; fi
  include_filter
  name_other_filters
}

# What any filter drops is dropped: ours cannot let in what another one keeps out.
name_other_filters() {
  [ -z "$root" ] || return 0
  if command -v ufw >/dev/null && ufw status 2>/dev/null | grep -q '^Status: active'; then
    say '  ufw is active too and drops what it does not know: ufw allow 80,443/tcp; or ufw disable'
  fi
  if command -v firewall-cmd >/dev/null && [ "$(firewall-cmd --state 2>/dev/null)" = running ]; then
    say '  firewalld runs too and drops what it does not know:'
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
    change 'the packet filter of before is kept as /etc/nftables.conf.before' mv "$path" "$path.before"
  fi
  if ! grep -qxF "$FILTER_INCLUDE" "$path" 2>/dev/null; then
    change '/etc/nftables.conf reads ours as well' append_include "$path"
  fi
  if [ -z "$root" ] && ! systemctl is-enabled --quiet nftables; then
    act 'filter from the start of the machine on' systemctl enable --quiet nftables
  fi
}
append_include() {
  [ -e "$1" ] || (umask 022 && echo '#!/usr/sbin/nft -f' >"$1" && chmod 0755 "$1")
  printf '%s\n' "$FILTER_INCLUDE" >>"$1"
}

# load_filter <the rules of before>. nftables.service is not started: what it reads may begin with a flush of
# everybody's tables.
load_filter() {
  nft -c -f "$filter_rules" ||
    fail "the kernel rejects the packet filter; your own rules are in $own_rules"
  keep_typed_rules "${1:-$(cat "$filter_rules")}"
  nft -f "$filter_rules"
}

# Rules that somebody has typed into the running table would go when it is replaced: they are kept for good.
keep_typed_rules() {
  local typed
  running_rules >/dev/null 2>&1 || return 0
  typed=$(comm -13 <(rules_of <(printf '%s\n' "$1") | sort) <(running_rules | only_rules | sort))
  if [ -n "$typed" ]; then
    say "  rules added with nft are kept in $own_rules/typed.nft:"
    say "$typed"
    printf '%s\n' "$typed" >>"$own_rules/typed.nft"
  fi
}
running_rules() { nft --stateless list chain inet tapgrid input; }
# How the kernel shows the rules of a file, seen in a network of its own.
# shellcheck disable=SC2016
rules_of() {
  unshare --net sh -c 'nft -f "$1" && nft --stateless list chain inet tapgrid input' sh "$1" | only_rules
}
only_rules() { sed -n 's/^\t\t//p' | grep -v '^type filter hook' || true; }

drop_filter() {
  nft delete table inet tapgrid 2>/dev/null || true
  sed -i "\\|^$FILTER_INCLUDE\$|d" /etc/nftables.conf
}
