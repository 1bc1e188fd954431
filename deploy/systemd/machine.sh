#!/bin/bash
# For the tests: a real systemd as process 1 of namespaces of its own, over the files of this machine, with
# the units of this folder installed and nothing of the host in reach but its files for reading. usage:
# machine.sh <release> <scratch folder>, inside `unshare --mount --pid --cgroup --fork`
set -euo pipefail
release=$1 scratch=$2

mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir /run/release && mount --bind "$release" /run/release
mount -t tmpfs tmpfs /opt
mkdir -p /opt/tapgrid/current
mount --bind /run/release /opt/tapgrid/current
release=/run/release
# Units with folders of their own leave them behind when the machine is cut off.
mkdir /run/scratch && mount --bind "$scratch" /run/scratch
for folder in /tmp /var/tmp; do mount -t tmpfs -o mode=1777 tmpfs "$folder"; done
mkdir -p "$scratch" && mount --bind /run/scratch "$scratch"
mount -t tmpfs tmpfs /var/lib
mkdir -p /var/lib/systemd
for folder in /var/backups /var/log /root; do mount -t tmpfs tmpfs "$folder"; done
touch /var/log/wtmp
mkdir -m 0700 /var/backups/tapgrid && chown 970:970 /var/backups/tapgrid
mount -t tmpfs tmpfs /usr/local/sbin
cp "$release/deploy/host/tapgrid" "$release/deploy/host/tapgrid-run" /usr/local/sbin/

for file in passwd group; do cp "/etc/$file" "/run/$file"; done
sed -i '/^tapgrid:/d' /run/passwd /run/group
echo 'tapgrid:x:970:970::/nonexistent:/usr/sbin/nologin' >>/run/passwd
echo 'tapgrid:x:970:' >>/run/group
mkdir /run/etc && mount -t tmpfs tmpfs /run/etc
mkdir -p /run/etc/tapgrid/credentials
for file in passwd group; do mount --bind "/run/$file" "/etc/$file"; done
mkdir -p /etc/tapgrid && mount --bind /run/etc/tapgrid /etc/tapgrid
printf 'FEED=walk:1\nPUBLIC_ORIGIN=https://taps.example\nBACKUP_DIR=/var/backups/tapgrid\nOPERATORS_FILE=/etc/tapgrid/operators\n' >/etc/tapgrid/tapgrid.env
install -m 0640 -g 970 /dev/null /etc/tapgrid/operators
printf 'redis://:s3cret@127.0.0.1:1\n' >/etc/tapgrid/credentials/REDIS_URL
chmod 0600 /etc/tapgrid/credentials/REDIS_URL

units=/run/units
mkdir -p "$units/tapgrid.service.wants"
ln -s ../tapgrid-edge@.service "$units/tapgrid.service.wants/tapgrid-edge@1.service"
cp "$release"/deploy/systemd/*.service "$release"/deploy/systemd/*.timer "$units/"
for folder in tapgrid tapgrid- tapgrid-edge@; do
  mkdir -p "$units/$folder.service.d"
  cp "$release/deploy/systemd/sandbox.conf" "$units/$folder.service.d/10-sandbox.conf"
  printf '[Service]\nStandardOutput=append:%s/unit.log\nStandardError=append:%s/unit.log\n' "$scratch" "$scratch" >"$units/$folder.service.d/90-log.conf"
done
# Patience is shortened so that a test need not have more.
printf '[Service]\nWatchdogSec=3\n' >"$units/tapgrid.service.d/91-watchdog.conf"
# One job is stood in for by one that fails.
mkdir -p "$units/tapgrid-archive.service.d"
printf '[Service]\nExecStart=\nExecStart=/bin/false\n' >"$units/tapgrid-archive.service.d/91-run.conf"
for target in sysinit basic multi-user timers shutdown network-online time-sync; do
  printf '[Unit]\nDefaultDependencies=no\n' >"$units/$target.target"
done
printf '[Unit]\nDefaultDependencies=no\nWants=tapgrid.service\n' >"$units/goal.target"
mount --bind "$units" /lib/systemd/system
mount -t tmpfs tmpfs /etc/systemd/system

# Credentials reach a service by mounts that have to propagate.
mount --make-rshared /
exec env -i container=other PATH=/usr/bin:/bin:/usr/sbin \
  /lib/systemd/systemd --system --unit=goal.target --log-target=null --show-status=0
