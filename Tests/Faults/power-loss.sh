#!/bin/sh
# Cuts the power of an ext4 file system under a writer, again and again: nothing acknowledged may
# be missing, and the next run works.
#
#   power-loss.sh STORE-WRITER [ROUNDS]          needs root, mkfs.ext4 and python3
#
# The writer is stopped before the cut. Without that a plain C program that writes, syncs and says
# so loses its last line in one round of forty: the cut lets a sync that is under way succeed.
set -u
# Whoever begins a name space of mounts while the disk is mounted keeps it mounted, and cut.
if [ -z "${FAULTS_ALONE:-}" ] && unshare -m true 2>/dev/null; then
  FAULTS_ALONE=yes exec unshare -m "$0" "$@"
fi
program=$1
quick() { [ "${FAULTS:-}" = quick ] && echo 4 || echo 20; }
rounds=${2:-$(quick)}
home=$(mktemp -d)
trap 'umount "$home/disk" 2>/dev/null; rm -rf "$home"' EXIT
mkdir "$home/disk"
total=0
round=0
fail() {
  echo "not ok: round $round, mode $mode: $1"
  cat "$home/verdict"
  exit 1
}
while [ "$round" -lt "$rounds" ]; do
  # 1 writes the journal of the file system before the cut, 2 does not.
  mode=$((round % 2 + 1))
  rm -f "$home/image"
  truncate -s 64M "$home/image"
  mkfs.ext4 -q -F "$home/image"
  if ! mount -o loop "$home/image" "$home/disk" 2>/dev/null; then
    echo "skipped: no file system can be mounted here"
    exit 0
  fi
  "$program" append "$home/disk" a 1000000 >"$home/acks" 2>/dev/null &
  writer=$!
  # Every third round is short, so that the first creation is hit as well.
  sleep "$(awk -v n="$round" 'BEGIN { srand(n); printf "%.3f", rand() * (n % 3 ? 1 : 0.02) }')"
  kill -STOP "$writer"
  while ! grep -q '^State:.T' "/proc/$writer/status"; do :; done
  python3 -c 'import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", int(sys.argv[2])))' \
    "$home/disk" "$mode"
  kill -9 "$writer"
  wait "$writer" 2>/dev/null
  umount "$home/disk"
  mount -o loop "$home/image" "$home/disk"
  total=$((total + $(wc -l <"$home/acks")))
  "$program" check "$home/disk" <"$home/acks" >"$home/verdict" 2>&1 || fail "lines are missing"
  "$program" append "$home/disk" b 3 >>"$home/acks" 2>"$home/verdict" || fail "the next run"
  "$program" check "$home/disk" <"$home/acks" >"$home/verdict" 2>&1 || fail "after the next run"
  umount "$home/disk"
  round=$((round + 1))
done
echo "ok: $rounds power losses, $total acknowledged lines; the last: $(cat "$home/verdict")"
