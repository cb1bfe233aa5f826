/* The documents of a run, read into memory before anything is measured, and two clocks. */
#ifndef RILL_BENCH_CORPUS_H
#define RILL_BENCH_CORPUS_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  char *bytes;
  size_t count;
} Document;

typedef struct {
  Document *documents;
  size_t count;
} Corpus;

static void give_up(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(74);
}

static inline void *grown(void *memory, size_t count) {
  void *more = realloc(memory, count ? count : 1);
  if (!more) give_up("memory");
  return more;
}

static inline Document read_document(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) give_up(path);
  Document document = {NULL, 0};
  size_t room = 0, got;
  do {
    if (document.count == room) {
      room = room ? 2 * room : 1 << 16;
      document.bytes = grown(document.bytes, room);
    }
    got = fread(document.bytes + document.count, 1, room - document.count, file);
    document.count += got;
  } while (got > 0);
  if (ferror(file)) give_up(path);
  fclose(file);
  document.bytes = grown(document.bytes, document.count);
  return document;
}

/* The paths in a file, one a line. */
static inline char **read_paths(const char *list, size_t *count) {
  FILE *file = fopen(list, "r");
  if (!file) give_up(list);
  char **paths = NULL, *line = NULL;
  size_t room = 0;
  ssize_t length;
  *count = 0;
  while ((length = getline(&line, &room, file)) > 0) {
    if (line[length - 1] == '\n') line[--length] = 0;
    paths = grown(paths, (*count + 1) * sizeof(char *));
    paths[*count] = memcpy(grown(NULL, (size_t)length + 1), line, (size_t)length + 1);
    ++*count;
  }
  free(line);
  fclose(file);
  return paths;
}

/* Reads the documents whose paths stand in a file. */
static inline Corpus read_corpus(const char *list) {
  Corpus corpus = {NULL, 0};
  char **paths = read_paths(list, &corpus.count);
  corpus.documents = grown(NULL, corpus.count * sizeof(Document));
  for (size_t index = 0; index < corpus.count; index++) {
    corpus.documents[index] = read_document(paths[index]);
    free(paths[index]);
  }
  free(paths);
  return corpus;
}

static inline double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

#endif
