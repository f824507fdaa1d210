#!/bin/sh
# Run by mmdebstrap once the packages are extracted to ROOT: gives the toolbox its command names
# and removes what no sidecar asks for. Runs nothing of ROOT, so a foreign architecture works.
set -eu
root=$1
cd "$root"

# dash is the shell, not BusyBox, whose shell prefers its own small `tc` and `ip` to iproute2's.
ln -sf dash usr/bin/sh
for applet in awk base64 basename cat chmod chown cp cut date dd df dirname du echo env expr \
  fallocate false find fsfreeze grep head hostname id kill killall ln losetup ls md5sum mkdir \
  mke2fs mktemp mount mv nc nslookup pidof ping printf ps pwd readlink rm rmdir sed seq setsid \
  sha256sum sleep sort stat sync tail tar tee test timeout touch tr traceroute true umount uname \
  uniq usleep vi wc wget which xargs yes; do
  if [ ! -e "usr/bin/$applet" ] && [ ! -e "usr/sbin/$applet" ]; then
    ln -s busybox "usr/bin/$applet"
  fi
done

# What the packages' own scripts would have linked, had they been run.
for family in iptables ip6tables; do
  for name in "$family" "$family-save" "$family-restore"; do
    ln -sf xtables-nft-multi "usr/sbin/$name"
  done
done

rm -rf tmp
mkdir -p tmp run var/run var/lib/misc etc
chmod 1777 tmp
echo 'hosts: files dns' >etc/nsswitch.conf
echo 'root:x:0:0:root:/:/usr/bin/sh' >etc/passwd
echo 'root:x:0:' >etc/group
rm -rf etc/apt etc/debconf.conf etc/dpkg etc/pam.d etc/resolv.conf etc/security etc/ssl usr/share/bash-completion usr/share/doc \
  usr/share/info usr/share/lintian usr/share/locale usr/share/man usr/share/perl5 usr/share/zoneinfo \
  usr/lib/*-linux-gnu/gconv usr/lib/*-linux-gnu/perl-base var/cache var/lib/apt var/lib/dpkg var/log
