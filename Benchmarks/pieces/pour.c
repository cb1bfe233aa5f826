/* Pours a file into the input of a program, in pieces, and says what the program took.
 *
 *   pour FILE PIECE-BYTES PROGRAM [ARGUMENT...]
 *
 * The pipe is one of packets, so the program gets one piece with each read, however small. The output
 * is thrown away. Prints the user and the system time of the program, and its peak in KB.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void give_up(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(74);
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 4) return fprintf(stderr, "usage: pour FILE PIECE-BYTES PROGRAM [ARGUMENT...]\n"), 64;
  int file = open(arguments[1], O_RDONLY | O_CLOEXEC);
  struct stat facts;
  if (file < 0 || fstat(file, &facts) != 0) give_up(arguments[1]);
  size_t length = (size_t)facts.st_size;
  char *bytes = malloc(length ? length : 1);
  if (!bytes) give_up("memory");
  for (size_t got = 0; got < length;) {
    ssize_t more = read(file, bytes + got, length - got);
    if (more <= 0) give_up(arguments[1]);
    got += (size_t)more;
  }
  size_t piece = (size_t)atol(arguments[2]);
  if (piece == 0) piece = 1;
  int ends[2];
  /* A packet holds a page at most; larger pieces go through a usual pipe. */
  if (pipe2(ends, O_CLOEXEC | (piece <= 4096 ? O_DIRECT : 0)) != 0) give_up("pipe2");
  signal(SIGPIPE, SIG_IGN);
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    int nothing = open("/dev/null", O_WRONLY);
    if (nothing < 0 || dup2(ends[0], 0) < 0 || dup2(nothing, 1) < 0) _exit(126);
    execvp(arguments[3], arguments + 3);
    _exit(127);
  }
  close(ends[0]);
  for (size_t sent = 0; sent < length;) {
    size_t now = length - sent < piece ? length - sent : piece;
    ssize_t written = write(ends[1], bytes + sent, now);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) give_up("the program closed its input");
    sent += (size_t)written;
  }
  close(ends[1]);
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) give_up("wait4");
  if (status != 0) return fprintf(stderr, "%s ended with status %d\n", arguments[3], status), 1;
  printf("%.3f %.3f %ld\n", seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss);
  return 0;
}
