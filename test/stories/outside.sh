#!/bin/bash
# For the stories: a network beside those of the machines, with two addresses of its own that stand for the
# bucket's company and the exchanges.
# usage: outside.sh <hosts file> <program …>, inside `unshare --mount --net`
set -euo pipefail
hosts=$1
shift
mount --make-rprivate /
mount --bind "$hosts" /etc/hosts
ip link set lo up
for address in 192.0.2.7 192.0.2.9; do ip address add "$address/32" dev lo; done
echo 1 >/proc/sys/net/ipv4/ip_forward 2>/dev/null || true
exec "$@"
