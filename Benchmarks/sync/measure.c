/* Runs a command and says what it took.
 *
 *   measure FILE COMMAND [ARGUMENT...]
 *
 * FILE gets one line: wall time and CPU time (user and system, with all that it started and waited
 * for) in seconds, the peak in KB, the most sockets that were open at once, and the exit status. The
 * peak is that of all its processes together, looked at every 20 milliseconds, or that of the largest,
 * whichever is more.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../parse/corpus.h"

/* What the processes of a session hold. */
typedef struct {
  long kilobytes, sockets;
} Held;

static long sockets(const char *process) {
  char path[300], target[16];
  snprintf(path, sizeof path, "/proc/%s/fd", process);
  DIR *files = opendir(path);
  if (!files) return 0;
  long count = 0;
  struct dirent *entry;
  while ((entry = readdir(files)))
    if (readlinkat(dirfd(files), entry->d_name, target, sizeof target) > 7)
      count += memcmp(target, "socket:", 7) == 0;
  closedir(files);
  return count;
}

static Held held(pid_t session) {
  Held sum = {0, 0};
  DIR *processes = opendir("/proc");
  if (!processes) return sum;
  struct dirent *entry;
  while ((entry = readdir(processes))) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    char path[300], line[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
    FILE *file = fopen(path, "r");
    if (!file) continue;
    /* The name of the program stands in parentheses and may hold anything. */
    char *after = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    /* The fourth field from there is the session, the 22nd the memory in pages. */
    int owner;
    long pages;
    if (after && sscanf(after + 1, " %*c %*d %*d %d", &owner) == 1 && owner == session) {
      for (int field = 0; after && field < 22; field++) after = strchr(after + 1, ' ');
      if (after && sscanf(after, "%ld", &pages) == 1)
        sum.kilobytes += pages * (sysconf(_SC_PAGESIZE) / 1024);
      sum.sockets += sockets(entry->d_name);
    }
    fclose(file);
  }
  closedir(processes);
  return sum;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: measure FILE COMMAND [ARGUMENT...]\n");
    return 64;
  }
  /* Whoever ends the script ends what it runs. */
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  double start = seconds(CLOCK_MONOTONIC);
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setsid();
    execvp(arguments[2], arguments + 2);
    _exit(127);
  }
  Held most = {0, 0};
  int status;
  while (waitpid(child, &status, WNOHANG) == 0) {
    Held now = held(child);
    if (now.kilobytes > most.kilobytes) most.kilobytes = now.kilobytes;
    if (now.sockets > most.sockets) most.sockets = now.sockets;
    usleep(20000);
  }
  double wall = seconds(CLOCK_MONOTONIC) - start;
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  if (usage.ru_maxrss > most.kilobytes) most.kilobytes = usage.ru_maxrss;
  FILE *file = fopen(arguments[1], "w");
  if (!file) give_up(arguments[1]);
  fprintf(file, "%.3f %.3f %ld %ld %d\n", wall,
          (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
          most.kilobytes, most.sockets, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  fclose(file);
  return 0;
}
