#!/bin/bash
# For the tests: installs into the tree what provision.sh asks for, with the network of this machine, which
# the booted tree has not. usage: packages.sh <root of the tree>
set -euo pipefail
root=$1
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
cp --remove-destination "$(readlink -f /etc/resolv.conf)" "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"
wanted=$(chroot "$root" /root/release/deploy/provision.sh \
  --server-name taps.example --monitoring --redis --dry-run | sed -n 's/^  apt-get install //p')
# For the tests of ssh, and of networks.
for name in openssh-server iproute2; do
  chroot "$root" dpkg-query -s "$name" 2>/dev/null | grep -q 'ok installed' || wanted="$wanted $name"
done
if [ -n "$wanted" ]; then
  chroot "$root" apt-get update --quiet
  # shellcheck disable=SC2086
  chroot "$root" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --quiet --yes --no-install-recommends $wanted
fi
rm "$root/usr/sbin/policy-rc.d"
umount -R "$root/dev" "$root/proc"
