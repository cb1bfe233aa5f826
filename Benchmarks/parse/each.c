/* Runs a program once for each document, with the document as its input, and adds up what it takes.
 *
 *   each LIST PASSES PROGRAM [ARGUMENT...]
 *
 * For programs that read one feed and end. A line of output counts as an item. The time is the CPU
 * time of the programs, their start included; the peak is that of the largest.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

typedef struct {
  size_t lines, bytes;
  double cpu;
  long peak;
  int status;
} Run;

static Run run(char **program, const char *path) {
  int ends[2];
  if (pipe(ends) != 0) give_up("pipe");
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    int input = open(path, O_RDONLY);
    if (input < 0 || dup2(input, 0) < 0 || dup2(ends[1], 1) < 0) _exit(126);
    close(ends[0]);
    close(ends[1]);
    execvp(program[0], program);
    _exit(127);
  }
  close(ends[1]);
  Run run = {0};
  static char block[1 << 16];
  ssize_t got;
  while ((got = read(ends[0], block, sizeof block)) > 0) {
    run.bytes += (size_t)got;
    for (ssize_t index = 0; index < got; index++) run.lines += block[index] == '\n';
  }
  close(ends[0]);
  struct rusage usage;
  if (wait4(child, &run.status, 0, &usage) < 0) give_up("wait4");
  run.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  run.peak = usage.ru_maxrss;
  return run;
}

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: each LIST PASSES PROGRAM [ARGUMENT...]\n");
    return 64;
  }
  size_t path_count = 0;
  char **paths = read_paths(arguments[1], &path_count);
  int passes = atoi(arguments[2]);
  long peak = 0;
  size_t lines = 0, bytes = 0;
  for (int pass = 0; pass <= passes; pass++) {
    double cpu = 0, wall = seconds(CLOCK_MONOTONIC);
    for (size_t index = 0; index < path_count; index++) {
      Run result = run(arguments + 3, paths[index]);
      cpu += result.cpu;
      if (result.peak > peak) peak = result.peak;
      if (pass > 0) continue;
      lines += result.lines;
      bytes += result.bytes;
      if (result.status != 0 || result.lines == 0) printf("unread %zu\n", index + 1);
    }
    if (pass > 0) printf("pass %.9f %.9f\n", cpu, seconds(CLOCK_MONOTONIC) - wall);
  }
  printf("items %zu\ntext %zu\npeak %ld\n", lines, bytes, peak);
  return 0;
}
