#!/bin/sh
# Fills a file system of 64 KiB, and cuts files at every size by a limit: the writer fails with
# 74, files end in whole lines, and writing goes on when there is space.
#
#   full-disk.sh STORE-WRITER          needs prlimit, and root for the file system
set -u
program=$1
home=$(mktemp -d)
mounted=
trap '[ -n "$mounted" ] && umount "$home/small"; rm -rf "$home"' EXIT
fail() {
  echo "not ok: $1"
  cat "$home/verdict"
  exit 1
}
whole_lines() {
  for file in "$1"/store/dev/*/*.jsonl; do
    if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then return 1; fi
  done
}

mkdir "$home/small"
if mount -t tmpfs -o size=64k none "$home/small" 2>/dev/null; then
  mounted=yes
  "$program" append "$home/small" a 100000 >"$home/acks" 2>"$home/verdict"
  [ $? -eq 74 ] || fail "a full disk is no exit status 74"
  grep -q "No space left" "$home/verdict" || fail "a full disk is not named"
  whole_lines "$home/small" || fail "a full disk leaves half a line"
  "$program" check "$home/small" <"$home/acks" >"$home/verdict" || fail "lines are missing"
  cat "$home/verdict"
  mount -o remount,size=1m none "$home/small"
  "$program" append "$home/small" b 100 >>"$home/acks" 2>"$home/verdict" || fail "no recovery"
  "$program" check "$home/small" <"$home/acks" >"$home/verdict" || fail "lines are missing"
  grep -q "devices 1," "$home/verdict" || fail "a full disk made another device"
  echo "ok: full disk: $(cat "$home/verdict")"
else
  echo "skipped: no file system can be mounted here"
fi

points=0
size=1
mkdir "$home/limit"
while [ "$size" -lt 2500 ]; do
  rm -rf "$home/limit/store" "$home/limit/state"
  prlimit --fsize="$size" "$program" append "$home/limit" a 10 >"$home/acks" 2>"$home/verdict"
  status=$?
  [ $status -eq 0 ] || [ $status -eq 74 ] || fail "status $status at a limit of $size"
  whole_lines "$home/limit" || fail "half a line at a limit of $size"
  "$program" append "$home/limit" b 3 >>"$home/acks" 2>"$home/verdict" || fail "no recovery after $size"
  "$program" check "$home/limit" <"$home/acks" >"$home/verdict" || fail "lines are missing at $size"
  points=$((points + 1))
  size=$((size + 1))
done
echo "ok: $points size limits; the last: $(cat "$home/verdict")"
