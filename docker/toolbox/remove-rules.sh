#!/bin/sh
# Removes a chain that add-rules.sh added; nothing where it is not, or not any more. The list is read
# before and after: an iptables that fails for a reason of its own must not pass for rules that are
# gone.
set -eu
[ $# -eq 3 ] || { echo "usage: remove-rules.sh TABLE HOOK CHAIN" >&2; exit 2; }
table=$1 hook=$2 chain=$3
rules=$(iptables -w -t "$table" -S)
echo "$rules" | grep -qx -- "-N $chain" || exit 0
iptables -w -t "$table" -D "$hook" -j "$chain" || true
iptables -w -t "$table" -F "$chain"
iptables -w -t "$table" -X "$chain"
rules=$(iptables -w -t "$table" -S)
if echo "$rules" | grep -qx -- "-N $chain"; then
  echo "expected $chain to be gone, found it in table $table" >&2
  exit 1
fi
