#!/bin/sh
# Removes the classes that shape-traffic.sh gave a device; those of another handle stay.
set -eu
[ $# -eq 2 ] || { echo "usage: unshape-traffic.sh DEVICE HANDLE" >&2; exit 2; }
tc qdisc show dev "$1" root | grep -q " $2: " || exit 0
tc qdisc del dev "$1" root
