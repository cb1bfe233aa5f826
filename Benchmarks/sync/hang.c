/* A server that takes every connection and never says a word.
 *
 *   hang PORT-FILE
 *
 * The file gets its port. It ends when it is killed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "../parse/corpus.h"

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: hang PORT-FILE\n");
    return 64;
  }
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (server < 0 || bind(server, (struct sockaddr *)&address, size) != 0 || listen(server, 1024) != 0 ||
      getsockname(server, (struct sockaddr *)&address, &size) != 0)
    give_up("hang");
  FILE *file = fopen(arguments[1], "w");
  if (!file) give_up(arguments[1]);
  fprintf(file, "%d\n", ntohs(address.sin_port));
  fclose(file);
  for (;;) accept(server, NULL, NULL);
}
