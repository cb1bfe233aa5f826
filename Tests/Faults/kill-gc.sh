#!/bin/sh
# Kills a compaction on entering each of its system calls that change files, when it makes snapshots and when
# it removes what is old: what the store says must be the same, the next run must finish the work,
# and the device must go on as itself.
#
#   kill-gc.sh STORE-WRITER          needs strace, and a writer that was built for speed: it reads
#                                    a store of 20 MB a thousand times
set -u
program=$1
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
points=0
fail() {
  echo "not ok: day $1, killed at $2 number $3: $4"
  exit 1
}
"$program" fill "$home/31" >/dev/null || exit 74
"$program" state "$home/31" >"$home/before"
# Linked, for a device knows its files by their inodes; a compaction writes into none of them.
cp -al "$home/31" "$home/62"
"$program" compact "$home/62" 31 >"$home/first" || exit 74
grep -q 'wrote 3, removed 0' "$home/first" || fail 31 none 0 "$(cat "$home/first")"
for day in 31 62; do
  for call in fchmod write fsync renameat unlinkat; do
    number=1
    while :; do
      rm -rf "$home/try"
      cp -al "$home/$day" "$home/try"
      strace -qq -f -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" \
        "$program" compact "$home/try" "$day" >/dev/null 2>&1
      status=$?
      "$program" state "$home/try" | cmp -s - "$home/before" || fail "$day" "$call" "$number" state
      "$program" compact "$home/try" "$day" >"$home/words" || fail "$day" "$call" "$number" again
      "$program" compact "$home/try" "$day" >"$home/words" || fail "$day" "$call" "$number" again
      # Nothing is left to do.
      grep -q 'wrote 0, removed 0' "$home/words" || fail "$day" "$call" "$number" unfinished
      "$program" state "$home/try" | cmp -s - "$home/before" || fail "$day" "$call" "$number" after
      # 137 is the kill; anything else is a run that was not hit.
      [ "$status" -eq 137 ] || break
      points=$((points + 1))
      number=$((number + 1))
    done
  done
done
"$program" append "$home/try" c 2 >/dev/null || fail 62 none 0 append
set -- "$home/try/store/dev"/*
[ $# -eq 1 ] || fail 62 none 0 device
echo "ok: killed at $points points, each time with $(wc -l <"$home/before") facts as before"
