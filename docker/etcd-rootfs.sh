#!/bin/sh
# Run by mmdebstrap once the packages are extracted to ROOT: keeps what etcd needs to run and
# removes everything else, the shell first of all. Official images have none either, so nothing of
# ours may come to depend on one. Prints the package's version for the image's label.
set -eu
root=$1
cd "$root"
keep=$(mktemp -d "$root/keep.XXXXXX")
chmod 755 "$keep"

printf 'gauntlet-etcd-package %s\n' "$(
  zcat usr/share/doc/etcd-server/changelog.Debian*gz | sed -n '1s/^[^(]*(\([^)]*\)).*/\1/p'
)"

# The tools first; etcdutl exists from 3.5 on.
for tool in etcd etcdctl etcdutl; do
  if [ -e "usr/bin/$tool" ]; then cp --parents "usr/bin/$tool" "$keep"; fi
done

# Debian links etcd to libc alone. Before glibc 2.34 threads and name lookups were files of their
# own. Some of these names are links, and bullseye's loader for amd64 is one to an absolute path,
# which is meant within the root: this machine has that file or not.
for library in usr/lib64/ld-linux-* usr/lib/ld-linux-* usr/lib/*-linux-gnu/libc.so.6 \
  usr/lib/*-linux-gnu/libpthread.so.0 usr/lib/*-linux-gnu/libdl.so.2 \
  usr/lib/*-linux-gnu/libresolv.so.2 usr/lib/*-linux-gnu/libnss_dns.so.2 \
  usr/lib/*-linux-gnu/libnss_files.so.2; do
  file=$library
  case "$(readlink "$library")" in /*) file=$root$(readlink "$library") ;; esac
  if [ -e "$file" ]; then
    mkdir -p "$keep/${library%/*}"
    cp -L "$file" "$keep/$library"
  fi
done
ls "$keep"/usr/lib*/ld-linux-* >/dev/null
for directory in bin lib lib64; do
  if [ -d "$keep/usr/$directory" ]; then ln -s "usr/$directory" "$keep/$directory"; fi
done

cp --parents usr/share/doc/etcd-server/copyright "$keep"
mkdir -p "$keep/etc/ssl/certs" "$keep/var/lib/etcd" "$keep/var/etcd" "$keep/tmp"
chmod 1777 "$keep/tmp"
chmod 700 "$keep/var/lib/etcd" "$keep/var/etcd"
cat usr/share/ca-certificates/mozilla/*.crt >"$keep/etc/ssl/certs/ca-certificates.crt"
echo 'hosts: files dns' >"$keep/etc/nsswitch.conf"
echo 'root:x:0:0:root:/:/nonexistent' >"$keep/etc/passwd"
echo 'root:x:0:' >"$keep/etc/group"

# `dev` is mounted while hooks run; mmdebstrap is told to leave it out.
find "$root" -mindepth 1 -maxdepth 1 ! -path "$keep" ! -name dev -exec rm -rf {} +
find "$keep" -mindepth 1 -maxdepth 1 -exec mv {} "$root" \;
rmdir "$keep"
