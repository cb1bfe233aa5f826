/* What asking for feeds costs when nothing is kept of them: libcurl alone.
 *
 *   loop URLS VALIDATORS [CA-FILE]
 *
 * URLS has a URL a line. VALIDATORS is a file of its own, read before and written after.
 */
#include "transfers.h"

static size_t bytes_taken;

static void body(Loop *loop, Transfer *transfer, const char *bytes, size_t count) {
  (void)loop, (void)transfer, (void)bytes;
  bytes_taken += count;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: loop URLS VALIDATORS [CA-FILE]\n");
    return 64;
  }
  sink = (Sink){.body = body};
  read_feeds(arguments[1]);
  read_validators(arguments[2]);
  run(count > 3 ? arguments[3] : NULL);
  write_validators(arguments[2]);
  report();
  printf("bytes %zu\n", bytes_taken);
  return 0;
}
