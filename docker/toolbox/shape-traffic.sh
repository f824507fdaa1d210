#!/bin/sh
# Gives a device two classes: HANDLE:10 with the given rate, for packets that iptables puts there,
# and HANDLE:20 with all there is, for the rest. RATE and BURST as tc takes them; LEAF is the queue
# below HANDLE:10, such as "netem delay 50ms".
set -eu
[ $# -ge 4 ] || { echo "usage: shape-traffic.sh DEVICE HANDLE RATE BURST [LEAF...]" >&2; exit 2; }
device=$1 handle=$2 rate=$3 burst=$4
shift 4
tc qdisc add dev "$device" root handle "$handle:" htb default 20 r2q 1000
tc class add dev "$device" parent "$handle:" classid "$handle:10" htb rate "$rate" \
  burst "$burst" cburst "$burst"
tc class add dev "$device" parent "$handle:" classid "$handle:20" htb rate 10gbit
[ $# -eq 0 ] || tc qdisc add dev "$device" parent "$handle:10" "$@"
