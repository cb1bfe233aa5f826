/* What a plain C program needs for the work of a sync: it asks, parses with libxml2's push SAX while
 * the bytes come, and appends a line of JSON for each article that it has not seen.
 *
 *   reference URLS STATE [CA-FILE]
 *
 * STATE.validators, STATE.seen (a number for each article) and STATE.jsonl are its files. Of an article
 * it keeps title, link, guid, summary, content and date, as they stand in the feed. It repairs,
 * cleans and reads nothing, and asks for every feed whenever it runs.
 */
#include "transfers.h"

#include <fcntl.h>
#include <unistd.h>

#include "../parse/collector.h"
#include "json.h"

enum { BLOCK = 1 << 20 };

/* What one transfer has under way. */
typedef struct {
  xmlParserCtxtPtr parser;
  Collector collector;
  /* A JSON Feed is read whole. */
  char *json;
  size_t json_count, json_room;
  bool is_json;
} Parse;

/* ---- What was seen ---- */

static uint64_t *seen;
static size_t seen_room, seen_count, new_count;
static int seen_file;

static uint64_t number(const char *feed, const char *id, size_t id_count) {
  uint64_t hash = 14695981039346656037u;
  for (; *feed; feed++) hash = (hash ^ (unsigned char)*feed) * 1099511628211u;
  hash = (hash ^ '\n') * 1099511628211u;
  for (size_t index = 0; index < id_count; index++)
    hash = (hash ^ (unsigned char)id[index]) * 1099511628211u;
  return hash ? hash : 1;
}

/* False when it was there already. */
static bool remember(uint64_t hash) {
  if (2 * seen_count >= seen_room) {
    size_t old_room = seen_room;
    uint64_t *old = seen;
    seen_room = seen_room ? 2 * seen_room : 1 << 16;
    seen = calloc(seen_room, sizeof *seen);
    if (!seen) give_up("memory");
    seen_count = 0;
    for (size_t index = 0; index < old_room; index++)
      if (old[index]) remember(old[index]);
    free(old);
  }
  size_t place = (hash ^ hash >> 32) & (seen_room - 1);
  for (; seen[place]; place = (place + 1) & (seen_room - 1))
    if (seen[place] == hash) return false;
  seen[place] = hash;
  seen_count++;
  return true;
}

/* Read when the first article comes. */
static void read_seen(void) {
  static bool is_read;
  if (is_read) return;
  is_read = true;
  uint64_t block[4096];
  ssize_t got;
  while ((got = read(seen_file, block, sizeof block)) > 0)
    for (size_t index = 0; index < (size_t)got / sizeof *block; index++) remember(block[index]);
}

/* ---- Lines ---- */

static int lines_file;
static char lines[2 * BLOCK];
static size_t lines_count;
static uint64_t fresh[4096];
static size_t fresh_count;

static void write_all(int file, const void *bytes, size_t count) {
  for (const char *place = bytes; count > 0;) {
    ssize_t got = write(file, place, count);
    if (got < 0) give_up("write");
    place += got;
    count -= (size_t)got;
  }
}

static void put(const char *bytes, size_t count) {
  if (lines_count + count > sizeof lines) {
    write_all(lines_file, lines, lines_count);
    lines_count = 0;
    if (count > sizeof lines) {
      write_all(lines_file, bytes, count);
      return;
    }
  }
  memcpy(lines + lines_count, bytes, count);
  lines_count += count;
}

static void put_string(const char *text) {
  put("\"", 1);
  for (const char *start = text;;) {
    const char *end = start;
    while ((unsigned char)*end >= 0x20 && *end != '"' && *end != '\\') end++;
    put(start, (size_t)(end - start));
    if (!*end) break;
    char escape[8];
    int count = *end == '\n' ? snprintf(escape, sizeof escape, "\\n")
                : *end < 0x20 ? snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*end)
                              : snprintf(escape, sizeof escape, "\\%c", *end);
    put(escape, (size_t)count);
    start = end + 1;
  }
  put("\"", 1);
}

/* Begins an article's line; false when it was seen. */
static bool begin_line(const Feed *feed, const char *id, size_t id_count) {
  read_seen();
  uint64_t hash = number(feed->url, id, id_count);
  if (!remember(hash)) return false;
  new_count++;
  fresh[fresh_count++] = hash;
  if (fresh_count == sizeof fresh / sizeof *fresh) {
    write_all(seen_file, fresh, sizeof fresh);
    fresh_count = 0;
  }
  put("{\"feed\":", 8);
  put_string(feed->url);
  put(",\"item\":{", 9);
  return true;
}

static void put_item(const Feed *feed, const Item *item) {
  static const char *const names[FIELDS] = {
      [TITLE] = "title",          [LINK] = "url",         [GUID] = "id", [DESCRIPTION] = "summary",
      [CONTENT] = "content_html", [DATE] = "date_published"};
  const char *id = item->fields[GUID] ? item->fields[GUID] : item->fields[LINK];
  if (!id) id = item->fields[TITLE] ? item->fields[TITLE] : "";
  if (!begin_line(feed, id, strlen(id))) return;
  bool is_first = true;
  for (int field = TITLE; field < FIELDS; field++) {
    if (!item->fields[field]) continue;
    /* A description without content is the content. */
    int name = field == DESCRIPTION && !item->fields[CONTENT] ? CONTENT : field;
    put(is_first ? "\"" : ",\"", is_first ? 1 : 2);
    put(names[name], strlen(names[name]));
    put("\":", 2);
    put_string(item->fields[field]);
    is_first = false;
  }
  put("}}\n", 3);
}

static void put_json_item(void *user, const char *id, size_t id_count, const char *item, size_t count) {
  if (!begin_line(user, id, id_count)) return;
  /* The braces stand already; newlines between the members are no part of a line. */
  for (const char *start = item + 1, *end = item + count - 1; start < end;) {
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    put(start, (size_t)((newline ? newline : end) - start));
    start = newline ? newline + 1 : end;
  }
  put("}}\n", 3);
}

/* ---- Parsing ---- */

static xmlSAXHandler handler;

static void body(Loop *loop, Transfer *transfer, const char *bytes, size_t count) {
  (void)loop;
  Parse *parse = transfer->state;
  if (!parse) {
    parse = transfer->state = calloc(1, sizeof *parse);
    if (!parse) give_up("memory");
  }
  if (!parse->parser && !parse->json_count) {
    parse->is_json = bytes[strspn(bytes, " \t\r\n")] == '{';
    if (!parse->is_json) {
      forget(&parse->collector);
      parse->parser = xmlCreatePushParserCtxt(&handler, &parse->collector, NULL, 0, NULL);
      if (!parse->parser) give_up("xmlCreatePushParserCtxt");
      xmlCtxtUseOptions(parse->parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                           XML_PARSE_NOWARNING);
    }
  }
  if (parse->is_json) {
    if (parse->json_count + count > parse->json_room) {
      parse->json_room = 2 * (parse->json_count + count);
      parse->json = grown(parse->json, parse->json_room);
    }
    memcpy(parse->json + parse->json_count, bytes, count);
    parse->json_count += count;
  } else {
    xmlParseChunk(parse->parser, bytes, (int)count, 0);
  }
}

static void end(Loop *loop, Transfer *transfer, bool is_whole) {
  Parse *parse = transfer->state;
  if (!parse || !transfer->is_begun) return;
  const Feed *feed = &loop->feeds[transfer->feed];
  if (parse->is_json) {
    if (is_whole) each_json_item(parse->json, parse->json_count, put_json_item, (void *)feed);
  } else if (parse->parser) {
    xmlParseChunk(parse->parser, NULL, 0, 1);
    for (size_t index = 0; is_whole && index < parse->collector.item_count; index++)
      put_item(feed, &parse->collector.items[index]);
    forget(&parse->collector);
    xmlFreeParserCtxt(parse->parser);
    parse->parser = NULL;
  }
  parse->json_count = 0;
}

static char *beside(const char *state, const char *suffix) {
  char *path;
  if (asprintf(&path, "%s.%s", state, suffix) < 0) give_up("memory");
  return path;
}

static int open_beside(const char *state, const char *suffix) {
  char *path = beside(state, suffix);
  int file = open(path, O_RDWR | O_CREAT | O_APPEND, 0644);
  if (file < 0) give_up(path);
  free(path);
  return file;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: reference URLS STATE [CA-FILE]\n");
    return 64;
  }
  handler = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC,
                            .startElementNs = collect_start,
                            .endElementNs = collect_end,
                            .characters = collect_text,
                            .ignorableWhitespace = collect_text,
                            .cdataBlock = collect_text};
  xmlInitParser();
  sink = (Sink){.body = body, .end = end, .wants_decoded = true};
  char *validators = beside(arguments[2], "validators");
  lines_file = open_beside(arguments[2], "jsonl");
  seen_file = open_beside(arguments[2], "seen");
  read_feeds(arguments[1]);
  read_validators(validators);
  run(count > 3 ? arguments[3] : NULL);
  /* Articles are on disk before what would keep them from being asked for again. */
  write_all(lines_file, lines, lines_count);
  write_all(seen_file, fresh, fresh_count * sizeof *fresh);
  if (new_count > 0 && (fdatasync(lines_file) != 0 || fdatasync(seen_file) != 0)) give_up("fdatasync");
  write_validators(validators);
  report();
  printf("new %zu\n", new_count);
  return 0;
}
