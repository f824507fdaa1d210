#!/bin/sh
# Ends the programs of this network namespace's toolbox that have TOKEN among their arguments.
# Found by the token: after a restart of the member a process number may be another's.
set -eu
[ $# -eq 1 ] || { echo "usage: end-programs.sh TOKEN" >&2; exit 2; }
for process in /proc/[0-9]*; do
  [ "$process" != "/proc/$$" ] || continue
  if grep -q -- "$1" "$process/cmdline" 2>/dev/null; then
    kill -KILL "${process#/proc/}" || true
  fi
done
