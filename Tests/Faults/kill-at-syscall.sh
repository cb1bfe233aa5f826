#!/bin/sh
# Kills a writer on entering each of its system calls, with and without a store to begin with:
# nothing acknowledged may be missing, and the next run must work.
#
#   kill-at-syscall.sh STORE-WRITER          needs strace
set -u
program=$1
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
points=0
fail() {
  echo "not ok: $1 store, killed at $2 number $3"
  cat "$home/verdict"
  exit 1
}
for start in no old; do
  for call in openat mkdir mkdirat chmod fchmod fchmodat write pwrite64 fsync fdatasync \
    renameat unlinkat ftruncate flock pread64 newfstatat getdents64 close; do
    number=1
    while :; do
      rm -rf "$home/store" "$home/state" "$home/acks"
      if [ "$start" = old ]; then "$program" append "$home" a 5 >"$home/acks" 2>/dev/null; fi
      strace -qq -f -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" \
        "$program" append "$home" b 5 >>"$home/acks" 2>/dev/null
      status=$?
      "$program" check "$home" <"$home/acks" >"$home/verdict" 2>&1 || fail "$start" "$call" "$number"
      "$program" append "$home" c 2 >>"$home/acks" 2>"$home/verdict" || fail "$start" "$call" "$number"
      "$program" check "$home" <"$home/acks" >"$home/verdict" 2>&1 || fail "$start" "$call" "$number"
      grep -q "devices 1," "$home/verdict" || fail "$start" "$call" "$number"
      # 137 is the kill; anything else is a run that was not hit.
      [ "$status" -eq 137 ] || break
      points=$((points + 1))
      number=$((number + 1))
    done
  done
done
echo "ok: killed at $points points; the last: $(cat "$home/verdict")"
