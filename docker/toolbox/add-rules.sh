#!/bin/sh
# Adds packet filter rules in a chain of their own, so that equal rules of two faults do not undo
# one another. HOOK is the chain that leads there, such as INPUT; each RULE is one argument.
set -eu
[ $# -ge 4 ] || { echo "usage: add-rules.sh TABLE HOOK CHAIN RULE..." >&2; exit 2; }
table=$1 hook=$2 chain=$3
shift 3
iptables -w -t "$table" -N "$chain"
for rule; do
  # shellcheck disable=SC2086 # a rule is words
  iptables -w -t "$table" -A "$chain" $rule
done
iptables -w -t "$table" -I "$hook" -j "$chain"
