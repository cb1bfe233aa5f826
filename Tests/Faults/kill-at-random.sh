#!/bin/sh
# Kills a writer at random times, again and again: nothing acknowledged may be missing.
#
#   kill-at-random.sh STORE-WRITER [ROUNDS]
set -u
program=$1
quick() { [ "${FAULTS:-}" = quick ] && echo 30 || echo 200; }
rounds=${2:-$(quick)}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
round=0
while [ "$round" -lt "$rounds" ]; do
  "$program" append "$home" "r$round" 1000000 >>"$home/acks" 2>>"$home/errors" &
  writer=$!
  # The first rounds are short, so that the first creation is hit as well.
  sleep "$(awk -v n="$round" 'BEGIN { srand(n); printf "%.4f", rand() * (n % 4 ? 0.05 : 0.006) }')"
  kill -9 "$writer"
  wait "$writer" 2>/dev/null
  round=$((round + 1))
  if [ $((round % 10)) -eq 0 ] || [ "$round" -lt 20 ]; then
    if ! "$program" check "$home" <"$home/acks" >"$home/verdict" 2>&1; then
      echo "not ok: after $round kills"
      cat "$home/verdict"
      exit 1
    fi
  fi
done
if [ -s "$home/errors" ]; then
  echo "not ok: a writer failed"
  head "$home/errors"
  exit 1
fi
if ! grep -q "devices 1," "$home/verdict"; then
  echo "not ok: a kill made another device"
  exit 1
fi
echo "ok: $round kills: $(cat "$home/verdict")"
