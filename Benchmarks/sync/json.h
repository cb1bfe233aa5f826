/* Finds the items of a JSON Feed in its text. It trusts that the text is JSON. */
#ifndef RILL_BENCH_JSON_H
#define RILL_BENCH_JSON_H

#include <stdbool.h>
#include <string.h>

typedef struct {
  const char *place, *end;
} Scanner;

typedef void Each(void *user, const char *id, size_t id_count, const char *item, size_t count);

static void skip_space(Scanner *scanner) {
  while (scanner->place < scanner->end && strchr(" \t\r\n,:", *scanner->place)) scanner->place++;
}

/* Passes over a string; its bytes are between the marks. */
static void string(Scanner *scanner, const char **start, size_t *count) {
  *start = ++scanner->place;
  while (scanner->place < scanner->end) {
    const char *mark = memchr(scanner->place, '"', (size_t)(scanner->end - scanner->place));
    if (!mark) mark = scanner->end;
    size_t slashes = 0;
    while (mark - 1 - slashes >= *start && mark[-1 - (long)slashes] == '\\') slashes++;
    scanner->place = mark < scanner->end ? mark + 1 : mark;
    if (slashes % 2 == 0) {
      *count = (size_t)(mark - *start);
      return;
    }
  }
  *count = (size_t)(scanner->end - *start);
}

/* Passes over a value, whatever it is. */
static void skip_value(Scanner *scanner) {
  const char *start;
  size_t count;
  int depth = 0;
  do {
    skip_space(scanner);
    if (scanner->place >= scanner->end) return;
    char byte = *scanner->place;
    if (byte == '"') {
      string(scanner, &start, &count);
      continue;
    }
    depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
    scanner->place++;
    if (!strchr("{}[]", byte))
      while (scanner->place < scanner->end && !strchr(" \t\r\n,:{}[]\"", *scanner->place))
        scanner->place++;
  } while (depth > 0);
}

/* The id of the object that begins here, which is passed over. */
static void object_id(Scanner *scanner, const char **id, size_t *id_count) {
  scanner->place++;
  for (;;) {
    skip_space(scanner);
    if (scanner->place >= scanner->end) return;
    if (*scanner->place != '"') break;
    const char *name;
    size_t count;
    string(scanner, &name, &count);
    skip_space(scanner);
    bool is_id = count == 2 && memcmp(name, "id", 2) == 0;
    if (is_id && scanner->place < scanner->end && *scanner->place == '"')
      string(scanner, id, id_count);
    else
      skip_value(scanner);
  }
  scanner->place++;
}

static void each_json_item(const char *text, size_t count, Each *each, void *user) {
  Scanner scanner = {text, text + count};
  skip_space(&scanner);
  scanner.place++;
  for (;;) {
    skip_space(&scanner);
    if (scanner.place >= scanner.end || *scanner.place != '"') return;
    const char *name;
    size_t name_count;
    string(&scanner, &name, &name_count);
    skip_space(&scanner);
    if (name_count != 5 || memcmp(name, "items", 5) != 0) {
      skip_value(&scanner);
      continue;
    }
    scanner.place++;
    for (;;) {
      skip_space(&scanner);
      if (scanner.place >= scanner.end || *scanner.place != '{') break;
      const char *item = scanner.place, *id = "";
      size_t id_count = 0;
      object_id(&scanner, &id, &id_count);
      each(user, id, id_count, item, (size_t)(scanner.place - item));
    }
    scanner.place++;
  }
}

#endif
