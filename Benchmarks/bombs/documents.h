#ifndef RILL_BOMBS_DOCUMENTS_H
#define RILL_BOMBS_DOCUMENTS_H

#include <stdio.h>

/* What must never be read: a file with a secret, and an address on which somebody listens. */
typedef struct {
  const char *path;
  const char *url;
} Canary;

typedef struct {
  const char *name;
  const char *words;
  void (*write)(FILE *file, Canary canary);
} Bomb;

extern const Bomb bombs[];
extern const size_t bomb_count;

#endif
