#!/bin/sh
# Kills `rill rebuild` on entering its system calls on files, each of the first 40 of a kind and
# some of the others: the index is the old one or the
# new one, both say what the store says, what is known about polling stays, and the next rebuild works.
#
#   kill-rebuild.sh RILL          needs strace
set -u
program=$1
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export RILL_HOME="$home/try"
points=0
fail() {
  echo "not ok: killed at $1 number $2: $3"
  exit 1
}
said() {
  "$program" list --all --json && "$program" feeds --json && "$program" log --json
}

{
  echo '<rss version="2.0"><channel><title>Kill</title>'
  number=0
  while [ "$number" -lt 300 ]; do
    number=$((number + 1))
    echo "<item><guid>$number</guid><title>Article $number</title></item>"
  done
  echo '</channel></rss>'
} >"$home/feed.xml"
"$program" add "$home/feed.xml" 2>/dev/null || exit 74
"$program" list --tsv | cut -f1 | head -n 100 | "$program" mark read - 2>/dev/null || exit 74
said >"$home/before" || exit 74
mv "$home/try" "$home/old"
for call in openat pread64 pwrite64 write ftruncate fdatasync fsync fcntl unlink close mmap; do
  number=1
  while :; do
    rm -rf "$home/try"
    # A device knows its files by their inodes; the index is written in place.
    cp -al "$home/old" "$home/try"
    rm -rf "$home/try/cache"
    cp -a "$home/old/cache" "$home/try/cache"
    strace -qq -f -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" \
      "$program" rebuild >/dev/null 2>&1
    status=$?
    said >"$home/after" 2>&1 || fail "$call" "$number" "$(tail -n 1 "$home/after")"
    cmp -s "$home/before" "$home/after" || fail "$call" "$number" "another list"
    "$program" doctor --full >"$home/verdict" 2>&1 || fail "$call" "$number" "$(cat "$home/verdict")"
    # 137 is the kill; anything else is a run that was not hit.
    [ "$status" -eq 137 ] || break
    points=$((points + 1))
    # Every call at first, and then some of many.
    number=$((number < 40 ? number + 1 : number * 9 / 8))
  done
  "$program" rebuild 2>/dev/null || fail "$call" "$number" "the next rebuild"
  said | cmp -s "$home/before" - || fail "$call" "$number" "after the next rebuild"
done
echo "ok: killed at $points points, each time with $(wc -l <"$home/before") lines as before"
