#!/bin/sh
# Ends what a killed daemon leaves behind. Its standard input is a pipe from the daemon: the pipe closes when
# the daemon ends, however it ends. The ledger then names, one a line, "pid start-time name" of what still runs.
ledger=$1
trap '' INT TERM HUP
cat >/dev/null

# Field 22 of stat is the start time: a process that only inherited the number is not ours.
ours() {
  read -r stat <"/proc/$1/stat" || return 1
  set -- "$2" ${stat##*) }
  [ "${21}" = "$1" ] && [ "$2" != Z ]
} 2>/dev/null

each() {
  while read -r pid start name; do
    if ours "$pid" "$start"; then kill -s "$1" -- "-$pid"; fi
  done <"$ledger" 2>/dev/null
}

[ -s "$ledger" ] || exit 0
each TERM
sleep 5
each KILL
