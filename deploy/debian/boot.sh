#!/bin/bash
# For the tests: boots the tree. Its systemd is process 1, and the network is its own: nothing but the tree
# itself is in reach. usage: boot.sh <root of the tree>, inside `unshare --mount --pid --net --uts --ipc
# --cgroup --fork`
set -euo pipefail
root=$1

mount --make-rprivate /
# systemd needs the root of its world to be a mount of its own.
mount --rbind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=0755 tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
for node in null zero full random urandom tty; do
  touch "dev/$node"
  mount --bind "/dev/$node" "dev/$node"
done
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o mode=0755 tmpfs run
mount -t tmpfs tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup

# Kernel settings that are no namespace's own would be those of this machine: they are written to copies.
for folder in vm fs kernel; do
  copy=$(mktemp -d)
  mount -t tmpfs tmpfs "$copy"
  cp -r "proc/sys/$folder/." "$copy" 2>/dev/null || true
  mount --move "$copy" "proc/sys/$folder"
  rmdir "$copy"
done
ip link set lo up
hostname tapgrid

mkdir -p .before
pivot_root . .before
cd /
umount -l /.before
rmdir /.before
mount --make-rshared /
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set -sys_time,-sys_module,-sys_rawio,-sys_boot -- \
  /lib/systemd/systemd --system --log-target=null --show-status=0
