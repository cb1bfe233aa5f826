#!/bin/sh
# Makes each system call of a writer fail, one at a time and from one point on: the writer ends
# well or with 74 and a sentence, nothing acknowledged is missing, no number is given twice, and
# the next run works.
#
#   failing-calls.sh STORE-WRITER          needs strace
set -u
program=$1
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
points=0
fail() {
  echo "not ok: $*"
  cat "$home/verdict"
  exit 1
}
for failure in write:ENOSPC write:EIO write:EDQUOT write:EINTR pwrite64:EIO pwrite64:ENOSPC \
  fdatasync:EIO fdatasync:ENOSPC fdatasync:EINTR fsync:EIO renameat:EIO mkdirat:EACCES mkdir:EROFS \
  flock:EINTR flock:ENOLCK flock:EOPNOTSUPP openat:EMFILE openat:EACCES openat:EROFS pread64:EIO \
  newfstatat:EIO getdents64:EIO; do
  call=${failure%:*}
  error=${failure#*:}
  for lasting in "" +; do
    # What is interrupted for ever is tried for ever.
    [ "$error$lasting" = EINTR+ ] && continue
    for truncate in "" "-e inject=ftruncate:error=EIO"; do
      if [ -n "$truncate" ] && { [ "$call" != write ] || [ "$error" = EINTR ]; }; then continue; fi
      number=1
      while :; do
        rm -rf "$home/store" "$home/state" "$home/acks"
        : >"$home/acks"
        if [ $((number % 2)) -eq 0 ]; then "$program" append "$home" a 5 >"$home/acks" 2>/dev/null; fi
        # shellcheck disable=SC2086
        strace -qq -f -o "$home/trace" -e "trace=$call,ftruncate" \
          -e "inject=$call:error=$error:when=$number$lasting" $truncate \
          "$program" append "$home" b 5 >>"$home/acks" 2>"$home/verdict"
        status=$?
        case $status in
          # 127 is the loader and 64 the search for arguments: both need these calls as well.
          0 | 64 | 74 | 127) ;;
          *) fail "$failure$lasting number $number $truncate: status $status" ;;
        esac
        # A sentence is written by the call that fails, too.
        if [ $status -eq 74 ] && [ "$call" != write ] && ! grep -q '^store-writer: .*\.)\{0,1\}$' "$home/verdict"; then
          fail "$failure$lasting number $number: no sentence"
        fi
        [ "$error$status" = EINTR74 ] && fail "$failure number $number was not tried again"
        "$program" check "$home" <"$home/acks" >"$home/verdict" 2>&1 ||
          fail "$failure$lasting number $number $truncate: after it"
        "$program" append "$home" c 3 >>"$home/acks" 2>"$home/verdict" ||
          fail "$failure$lasting number $number $truncate: the next run"
        "$program" check "$home" <"$home/acks" >"$home/verdict" 2>&1 ||
          fail "$failure$lasting number $number $truncate: after the next run"
        # No permission for /etc/machine-id is an answer, and then the host name is the machine.
        [ "$error" = EACCES ] || grep -q "devices 1," "$home/verdict" ||
          fail "$failure$lasting number $number $truncate: another device"
        grep -q "$call(.*INJECTED" "$home/trace" || break
        points=$((points + 1))
        number=$((number + 1))
      done
    done
  done
done
echo "ok: $points failing calls; the last: $(cat "$home/verdict")"
