#!/bin/bash
# For the tests: a tree of files that can be written to without changing what is under it, for as long as
# standard input stays open. usage: tree.sh <files under it> <scratch folder> <release> <folder of what is
# brought>, inside `unshare --mount`
set -euo pipefail
under=$1 scratch=$2 release=$3 brought=$4
root=$scratch/root

mount --make-rprivate /
mount -t tmpfs -o size=4g,mode=0755 tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$root"
mount -t overlay -o "lowerdir=$under,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$root"

# Only what is put into the tree by its packages and by provision.sh is to start in it, under no other
# settings than theirs.
find "$root/etc/systemd/system" -mindepth 1 -maxdepth 1 ! -name '*dbus*' -exec rm -rf {} +
rm -rf "$root/opt/tapgrid" "$root/etc/tapgrid" "$root/var/lib/tapgrid" "$root/var/backups/tapgrid" \
  "$root/etc/nginx/conf.d/tapgrid.conf"
find "$root/root" -mindepth 1 -maxdepth 1 -name .ssh -exec rm -rf {} +
rm -f "$root/etc/fstab" "$root/etc/machine-id" "$root/usr/sbin/policy-rc.d"
touch "$root/etc/fstab" "$root/etc/machine-id"
echo tapgrid >"$root/etc/hostname"
printf '127.0.0.1 localhost tapgrid taps.example play.example\n::1 localhost\n' >"$root/etc/hosts"

# How programs are begun is the kernel's to know, and that is this machine's.
ln -s /dev/null "$root/etc/systemd/system/systemd-binfmt.service"

# What lies about there is this machine's, and clearing it away would take the boot longer than all else.
for folder in tmp var/tmp; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done

# The release unpacked, and archives beside it, as whoever installs has brought them.
mkdir -p "$root/root/release" "$root/root/brought"
mount --bind -o ro "$release" "$root/root/release"
mount --bind -o ro "$brought" "$root/root/brought"
echo mounted
cat >/dev/null
