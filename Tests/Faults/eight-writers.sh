#!/bin/sh
# Eight processes append at once: every line is there, numbered without gaps.
#
#   eight-writers.sh STORE-WRITER [COUNT]
set -u
program=$1
count=${2:-500}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
for writer in 1 2 3 4 5 6 7 8; do
  "$program" append "$home" "w$writer" "$count" >"$home/acks$writer" 2>>"$home/times" &
done
wait
cat "$home"/acks? >"$home/acks"
if ! "$program" check "$home" <"$home/acks" >"$home/verdict" ||
  [ "$(wc -l <"$home/acks")" -ne $((8 * count)) ]; then
  echo "not ok: eight writers"
  cat "$home/verdict" "$home/times"
  exit 1
fi
echo "ok: eight writers: $(cat "$home/verdict")"
