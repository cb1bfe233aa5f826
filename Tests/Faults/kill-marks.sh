#!/bin/sh
# Kills `rill mark read` at random times, again and again: no acknowledged mark may be lost.
#
#   kill-marks.sh RILL [ROUNDS]
#
# A mark is acknowledged when the command printed "Marked". Each round marks another article, and is
# killed with -9 after 0 to 12 ms, so that some die before the write, some in it, some after it. At the end the
# store is read anew, without its index: every acknowledged article has to be read. One that was not
# acknowledged may be read or not, and nothing else may be.
set -u
program=$1
quick() { [ "${FAULTS:-}" = quick ] && echo 30 || echo 200; }
rounds=${2:-$(quick)}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export RILL_HOME="$home/rill"

{
  echo '<rss version="2.0"><channel><title>Kill</title>'
  number=0
  while [ "$number" -lt "$rounds" ]; do
    number=$((number + 1))
    echo "<item><guid>$number</guid><title>Article $number</title></item>"
  done
  echo '</channel></rss>'
} >"$home/feed.xml"
"$program" add "$home/feed.xml" 2>/dev/null
"$program" list --tsv | cut -f1 >"$home/ids"

acknowledged=0
: >"$home/acks"
while read -r id; do
  # A marker may be killed before it opens this: the words of the round before must be gone.
  : >"$home/said"
  "$program" mark read "$id" 2>"$home/said" &
  marker=$!
  sleep "$(awk -v seed="$id$marker" 'BEGIN {
    for (i = 1; i <= length(seed); i++) n = (n * 31 + index("abcdefghijklmnopqrstuvwxyz234567", substr(seed, i, 1))) % 9973
    printf "%.4f", n / 9973 * 0.012 }')"
  kill -9 "$marker" 2>/dev/null
  wait "$marker" 2>/dev/null
  if grep -q '^Marked' "$home/said"; then
    acknowledged=$((acknowledged + 1))
    echo "$id" >>"$home/acks"
  fi
done <"$home/ids"

rm -rf "$RILL_HOME/cache"
"$program" list --tsv 2>"$home/warnings" | cut -f1 | sort >"$home/unread"
lost=$(sort "$home/acks" | comm -12 - "$home/unread" | wc -l)
unread=$(wc -l <"$home/unread")
printf '%s: %d kills, %d acknowledged, %d read, %d acknowledged marks lost\n' \
  "$([ "$lost" = 0 ] && echo ok || echo 'not ok')" \
  "$rounds" "$acknowledged" $((rounds - unread)) "$lost"
cat "$home/warnings"
[ "$lost" = 0 ]
