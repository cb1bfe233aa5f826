// A resolver that takes four seconds to find nothing for a name that begins with "slow.".
//
// Loaded before the C library it stands in for its resolver; all other names go on to that one.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result) {
  if (node && strncmp(node, "slow.", 5) == 0) {
    sleep(4);
    return EAI_NONAME;
  }
  int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
  return next ? next(node, service, hints, result) : EAI_SYSTEM;
}
