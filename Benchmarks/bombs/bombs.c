/* Runs a program on each hostile document and says what it took.
 *
 *   bombs DIRECTORY [--only NAME] PROGRAM [ARGUMENT...]
 *
 * The file is the last argument of the program. Exit status 1 says that a goal was missed: 1 second
 * of CPU time, 100 MB of memory (10^6 bytes), no crash, and no secret in what is printed. With strace,
 * documents that name files or addresses are run once more, and none of those may be asked for.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "documents.h"

enum { SECONDS_MAX = 60, OUTPUT_MAX = 64 << 20 };
static const double cpu_goal = 1.0, megabytes_goal = 100.0;
static const char secret[] = "canary-of-the-bombs-91c3";

static void give_up(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(74);
}

typedef struct {
  char *bytes;
  size_t count;
} Text;

typedef struct {
  Text output;
  double cpu, wall, megabytes;
  int status;
} Run;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Runs a program and keeps what it prints, errors included. */
static Run run(char **program) {
  int ends[2];
  if (pipe(ends) != 0) give_up("pipe");
  double start = now();
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    struct rlimit limit = {SECONDS_MAX, SECONDS_MAX};
    setrlimit(RLIMIT_CPU, &limit);
    dup2(ends[1], 1);
    dup2(ends[1], 2);
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
    if (run.output.count + (size_t)got > OUTPUT_MAX) continue;
    char *bytes = realloc(run.output.bytes, run.output.count + (size_t)got + 1);
    if (!bytes) give_up("memory");
    memcpy(bytes + run.output.count, block, (size_t)got);
    run.output.bytes = bytes;
    run.output.count += (size_t)got;
    bytes[run.output.count] = 0;
  }
  close(ends[0]);
  struct rusage usage;
  if (wait4(child, &run.status, 0, &usage) < 0) give_up("wait4");
  run.wall = now() - start;
  run.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  run.megabytes = (double)usage.ru_maxrss * 1024 / 1e6;
  return run;
}

static bool contains(Text text, const char *words) {
  return text.count > 0 && memmem(text.bytes, text.count, words, strlen(words)) != NULL;
}

/* What the program made of it: its sentence, or how many items and which limits. */
static void print_answer(Run run) {
  if (WIFSIGNALED(run.status)) {
    printf("killed by signal %d", WTERMSIG(run.status));
    return;
  }
  if (WEXITSTATUS(run.status) != 0) {
    /* Its sentence stands behind the name of the file. */
    const char *said = run.output.bytes ? run.output.bytes : "nothing";
    const char *name = strstr(said, "document: ");
    if (name) said = name + 10;
    printf("%d: %.*s", WEXITSTATUS(run.status), (int)strcspn(said, "\n") % 200, said);
    return;
  }
  size_t items = 0;
  const char *at = run.output.bytes, *end = at + run.output.count;
  const char *list = at ? memmem(at, run.output.count, "\"items\":[", 9) : NULL;
  while (list && (list = memmem(list, (size_t)(end - list), "{\"id\":", 6)) != NULL) items++, list += 6;
  printf("%zu items", items);
  static const char limit[] = "\"kind\":\"limit\"";
  int told = 0;
  while (at && told < 3 && (at = memmem(at, (size_t)(end - at), limit, strlen(limit))) != NULL) {
    at += strlen(limit);
    const char *close = memchr(at, '}', (size_t)(end - at));
    const char *detail = close ? memmem(at, (size_t)(close - at), "\"detail\":\"", 10) : NULL;
    if (detail) printf(", %.*s", (int)strcspn(detail + 10, "\""), detail + 10);
    told++;
  }
}

static bool is_in_path(const char *program) {
  char command[64];
  snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
  return system(command) == 0;
}

/* Whether the program asks for a file or address that the document names. */
static bool asks(char **program, size_t count, const char *trace, Canary canary) {
  char *traced[64] = {"strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,connect", "-o"};
  size_t used = 8;
  traced[used++] = (char *)trace;
  for (size_t index = 0; index < count; index++) traced[used++] = program[index];
  free(run(traced).output.bytes);
  FILE *file = fopen(trace, "r");
  if (!file) give_up(trace);
  bool found = false;
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, file) > 0)
    found |= strstr(line, canary.path) || strstr(line, "/etc/hostname") || strstr(line, "connect(");
  free(line);
  fclose(file);
  return found;
}

/* A socket on 127.0.0.1 on which nobody may knock. */
static int listener(char *url, size_t room) {
  int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  if (door < 0 || bind(door, (struct sockaddr *)&address, length) != 0 || listen(door, 8) != 0 ||
      getsockname(door, (struct sockaddr *)&address, &length) != 0)
    give_up("127.0.0.1");
  snprintf(url, room, "http://127.0.0.1:%d/x", ntohs(address.sin_port));
  return door;
}

static bool somebody_knocked(int door) {
  struct pollfd waiting = {door, POLLIN, 0};
  if (poll(&waiting, 1, 0) <= 0) return false;
  close(accept(door, NULL, NULL));
  return true;
}

static void read_hostname(char *name, size_t room) {
  name[0] = 0;
  FILE *file = fopen("/etc/hostname", "r");
  if (!file) return;
  if (fgets(name, (int)room, file)) name[strcspn(name, "\n")] = 0;
  fclose(file);
  /* A short name stands in many a text by chance. */
  if (strlen(name) < 6) name[0] = 0;
}

int main(int count, char **arguments) {
  const char *only = NULL;
  int first = 2;
  if (count > 4 && strcmp(arguments[2], "--only") == 0) only = arguments[3], first = 4;
  if (count <= first || count - first > 40) {
    fprintf(stderr, "usage: bombs DIRECTORY [--only NAME] PROGRAM [ARGUMENT...]\n");
    return 64;
  }
  const char *directory = arguments[1];
  char path[4096], canary_path[4096], trace[4096], url[64], hostname[256];
  snprintf(path, sizeof path, "%s/document", directory);
  snprintf(canary_path, sizeof canary_path, "%s/canary", directory);
  snprintf(trace, sizeof trace, "%s/trace", directory);
  FILE *file = fopen(canary_path, "w");
  if (!file) give_up(canary_path);
  fputs(secret, file);
  fclose(file);
  read_hostname(hostname, sizeof hostname);
  int door = listener(url, sizeof url);
  Canary canary = {canary_path, url};
  bool has_strace = is_in_path("strace");
  char *program[64] = {NULL};
  size_t words = 0;
  for (int index = first; index < count; index++) program[words++] = arguments[index];
  program[words++] = path;

  int missed = 0, done = 0;
  printf("%-42s %7s %7s %7s %7s  %s\n", "", "MB", "CPU s", "wall s", "peak MB", "answer");
  for (size_t index = 0; index < bomb_count; index++) {
    const Bomb *bomb = &bombs[index];
    if (only && strcmp(only, bomb->name) != 0) continue;
    if (!(file = fopen(path, "wb"))) give_up(path);
    bomb->write(file, canary);
    double size = (double)ftell(file) / 1e6;
    if (fclose(file) != 0) give_up(path);
    Run result = run(program);
    printf("%-42s %7.2f %7.3f %7.3f %7.1f  ", bomb->words, size, result.cpu, result.wall,
           result.megabytes);
    print_answer(result);
    char wrong[256] = "";
    bool ends_well = WIFEXITED(result.status) &&
                     (WEXITSTATUS(result.status) == 0 || WEXITSTATUS(result.status) == 65);
    if (!ends_well) strcat(wrong, " CRASH");
    if (result.cpu >= cpu_goal) strcat(wrong, " SLOW");
    if (result.megabytes >= megabytes_goal) strcat(wrong, " MEMORY");
    if (contains(result.output, secret) || (hostname[0] && contains(result.output, hostname)))
      strcat(wrong, " SECRET");
    bool names_others = strncmp(bomb->name, "x", 1) == 0 || strcmp(bomb->name, "stylesheet") == 0;
    if (names_others && has_strace && asks(program, words, trace, canary)) strcat(wrong, " ASKED");
    if (somebody_knocked(door)) strcat(wrong, " CONNECTED");
    free(result.output.bytes);
    if (wrong[0]) printf("  <<%s", wrong), missed++;
    printf("\n");
    fflush(stdout);
    done++;
  }
  unlink(path);
  unlink(canary_path);
  unlink(trace);
  if (done == 0) return fprintf(stderr, "bombs: there is no %s\n", only), 64;
  if (!has_strace) printf("strace is not installed: only output and connections were looked at\n");
  printf("bombs: %d of %d documents kept within 1 s and 100 MB\n", done - missed, done);
  return missed > 0;
}
