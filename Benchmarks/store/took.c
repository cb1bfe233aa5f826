/* Runs a command and notes what it took.
 *
 *   took FILE NAME COMMAND [ARGUMENT...]
 *
 * FILE gets one line more: NAME, wall time and CPU time in milliseconds, the peak in KB, and the exit
 * status. What the command prints goes nowhere. Commands of a few milliseconds are measured, so
 * nothing looks on while it runs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../parse/corpus.h"

static double milliseconds(struct timeval time) {
  return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: took FILE NAME COMMAND [ARGUMENT...]\n");
    return 64;
  }
  double start = seconds(CLOCK_MONOTONIC);
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    execvp(arguments[3], arguments + 3);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) give_up("wait4");
  double wall = seconds(CLOCK_MONOTONIC) - start;
  FILE *file = fopen(arguments[1], "a");
  if (!file) give_up(arguments[1]);
  fprintf(file, "%s %.3f %.3f %ld %d\n", arguments[2], wall * 1e3,
          milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), usage.ru_maxrss,
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  fclose(file);
  return 0;
}
