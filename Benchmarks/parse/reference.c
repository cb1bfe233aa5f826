/* What libxml2's push SAX costs a C program that wants the articles of feeds.
 *
 *   reference collect|bare LIST PASSES [CHUNK-BYTES]
 *
 * `collect` keeps of each item what a reader of feeds needs: title, link, guid, description, content
 * and date, each copied to the heap. `bare` has handlers that do nothing. LIST is a file of paths, one
 * a line. One pass is counted and not timed; PASSES more are timed and not counted.
 */
#define _GNU_SOURCE
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "corpus.h"

typedef enum { NONE, TITLE, LINK, GUID, DESCRIPTION, CONTENT, DATE, FIELDS } Field;

typedef struct {
  char *fields[FIELDS];
} Item;

enum { DEPTH_MAX = 256 };

typedef struct {
  /* What each open element is collected as; text belongs to the outermost that is a field. */
  Field open[DEPTH_MAX];
  int depth;
  /* Where the item and its field lie on that stack; -1 outside of them. */
  int item_depth, field_depth;
  char *text;
  size_t text_count, text_room;
  Item *items;
  size_t item_count, item_room;
  char *feed_title;
  bool is_feed;
} Collector;

static bool is(const xmlChar *name, const char *word) { return strcmp((const char *)name, word) == 0; }

static bool in(const xmlChar *uri, const char *name) { return uri && is(uri, name); }

/* The field that a child of an item stands for. */
static Field field(const xmlChar *name, const xmlChar *uri) {
  if (in(uri, "http://purl.org/rss/1.0/modules/content/")) return is(name, "encoded") ? CONTENT : NONE;
  if (in(uri, "http://purl.org/dc/elements/1.1/")) return is(name, "date") ? DATE : NONE;
  if (uri && !is(uri, "http://www.w3.org/2005/Atom") && !is(uri, "http://purl.org/rss/1.0/") &&
      !is(uri, "http://purl.org/atom/ns#") && !is(uri, "http://my.netscape.com/rdf/simple/0.9/"))
    return NONE;
  switch (name[0]) {
    case 't': return is(name, "title") ? TITLE : NONE;
    case 'l': return is(name, "link") ? LINK : NONE;
    case 'g': return is(name, "guid") ? GUID : NONE;
    case 'i': return is(name, "id") ? GUID : is(name, "issued") ? DATE : NONE;
    case 'd': return is(name, "description") ? DESCRIPTION : NONE;
    case 's': return is(name, "summary") ? DESCRIPTION : NONE;
    case 'c': return is(name, "content") ? CONTENT : NONE;
    case 'p': return is(name, "pubDate") || is(name, "published") ? DATE : NONE;
    case 'u': return is(name, "updated") ? DATE : NONE;
    default: return NONE;
  }
}

static char *copy(const char *text, size_t count) {
  char *string = grown(NULL, count + 1);
  memcpy(string, text, count);
  string[count] = 0;
  return string;
}

/* The first value of a field counts. */
static void keep(Item *item, Field field, const char *text, size_t count) {
  if (!item->fields[field]) item->fields[field] = copy(text, count);
}

/* Atom's links carry their address in an attribute. */
static void keep_link(Item *item, int count, const xmlChar **attributes) {
  const char *href = NULL, *end = NULL;
  for (int index = 0; index < count; index++) {
    const xmlChar **attribute = attributes + 5 * index;
    size_t length = (size_t)(attribute[4] - attribute[3]);
    if (is(attribute[0], "href")) {
      href = (const char *)attribute[3];
      end = (const char *)attribute[4];
    } else if (is(attribute[0], "rel") &&
               !(length == 9 && memcmp(attribute[3], "alternate", length) == 0)) {
      return;
    }
  }
  if (href) keep(item, LINK, href, (size_t)(end - href));
}

static void collect_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespaces, const xmlChar **declared, int attribute_count, int defaulted,
                          const xmlChar **attributes) {
  (void)prefix, (void)namespaces, (void)declared, (void)defaulted;
  Collector *collector = user;
  int depth = collector->depth++;
  if (depth >= DEPTH_MAX) return;
  collector->open[depth] = NONE;
  if (depth == 0) collector->is_feed = is(name, "rss") || is(name, "feed") || is(name, "RDF");
  if (collector->item_depth < 0) {
    if (is(name, "item") || is(name, "entry")) {
      if (collector->item_count == collector->item_room) {
        collector->item_room = collector->item_room ? 2 * collector->item_room : 32;
        collector->items = grown(collector->items, collector->item_room * sizeof(Item));
      }
      collector->items[collector->item_count++] = (Item){{NULL}};
      collector->item_depth = depth;
    } else if (collector->field_depth < 0 && !collector->feed_title && is(name, "title")) {
      collector->open[depth] = TITLE;
      collector->field_depth = depth;
      collector->text_count = 0;
    }
  } else if (collector->field_depth < 0 && depth == collector->item_depth + 1) {
    Field kind = field(name, uri);
    if (kind == NONE) return;
    if (kind == LINK && attribute_count > 0)
      keep_link(&collector->items[collector->item_count - 1], attribute_count, attributes);
    collector->open[depth] = kind;
    collector->field_depth = depth;
    collector->text_count = 0;
  }
}

static void collect_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
  (void)name, (void)prefix, (void)uri;
  Collector *collector = user;
  int depth = --collector->depth;
  if (depth == collector->field_depth) {
    if (collector->item_depth >= 0) {
      if (collector->text_count > 0)
        keep(&collector->items[collector->item_count - 1], collector->open[depth], collector->text,
             collector->text_count);
    } else {
      collector->feed_title = copy(collector->text, collector->text_count);
    }
    collector->field_depth = -1;
  } else if (depth == collector->item_depth) {
    collector->item_depth = -1;
  }
}

static void collect_text(void *user, const xmlChar *text, int count) {
  Collector *collector = user;
  if (collector->field_depth < 0) return;
  size_t needed = collector->text_count + (size_t)count;
  if (needed > collector->text_room) {
    collector->text_room = needed > 2 * collector->text_room ? needed : 2 * collector->text_room;
    collector->text = grown(collector->text, collector->text_room);
  }
  memcpy(collector->text + collector->text_count, text, (size_t)count);
  collector->text_count = needed;
}

static void bare_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                       int namespaces, const xmlChar **declared, int attribute_count, int defaulted,
                       const xmlChar **attributes) {
  (void)user, (void)name, (void)prefix, (void)uri, (void)namespaces, (void)declared;
  (void)attribute_count, (void)defaulted, (void)attributes;
}

static void bare_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
  (void)user, (void)name, (void)prefix, (void)uri;
}

static void bare_text(void *user, const xmlChar *text, int count) { (void)user, (void)text, (void)count; }

/* Whether the document was well formed to its end. */
static bool parse(Document document, xmlSAXHandler *handler, Collector *collector, size_t chunk_bytes) {
  /* The first four bytes let libxml2 find out the encoding. */
  size_t start = document.count < 4 ? document.count : 4;
  xmlParserCtxtPtr parser =
      xmlCreatePushParserCtxt(handler, collector, document.bytes, (int)start, NULL);
  if (!parser) give_up("xmlCreatePushParserCtxt");
  xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  while (start < document.count) {
    size_t count = document.count - start < chunk_bytes ? document.count - start : chunk_bytes;
    xmlParseChunk(parser, document.bytes + start, (int)count, 0);
    start += count;
  }
  xmlParseChunk(parser, NULL, 0, 1);
  bool is_well_formed = parser->wellFormed;
  xmlFreeParserCtxt(parser);
  return is_well_formed;
}

/* Frees what one document gave; the buffer of text serves the next one too. */
static void forget(Collector *collector) {
  for (size_t index = 0; index < collector->item_count; index++)
    for (int field = 0; field < FIELDS; field++) free(collector->items[index].fields[field]);
  free(collector->items);
  free(collector->feed_title);
  *collector = (Collector){.item_depth = -1,
                           .field_depth = -1,
                           .text = collector->text,
                           .text_room = collector->text_room};
}

static size_t text_bytes(const Collector *collector) {
  size_t bytes = 0;
  for (size_t index = 0; index < collector->item_count; index++)
    for (int field = TITLE; field < FIELDS; field++)
      if (field != DATE && collector->items[index].fields[field])
        bytes += strlen(collector->items[index].fields[field]);
  return bytes;
}

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: reference collect|bare LIST PASSES [CHUNK-BYTES]\n");
    return 64;
  }
  bool is_bare = strcmp(arguments[1], "bare") == 0;
  Corpus corpus = read_corpus(arguments[2]);
  int passes = atoi(arguments[3]);
  size_t chunk_bytes = count > 4 ? (size_t)atol(arguments[4]) : 1 << 16;
  if (chunk_bytes == 0) chunk_bytes = 1;

  xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC};
  handler.startElementNs = is_bare ? bare_start : collect_start;
  handler.endElementNs = is_bare ? bare_end : collect_end;
  handler.characters = is_bare ? bare_text : collect_text;
  handler.ignorableWhitespace = handler.characters;
  handler.cdataBlock = handler.characters;

  xmlInitParser();
  Collector collector = {0};
  forget(&collector);
  size_t items = 0, text = 0, bytes = 0, malformed = 0;
  for (int pass = 0; pass <= passes; pass++) {
    double cpu = seconds(CLOCK_THREAD_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    for (size_t index = 0; index < corpus.count; index++) {
      bool is_well_formed = parse(corpus.documents[index], &handler, &collector, chunk_bytes);
      if (pass == 0) {
        items += collector.item_count;
        text += text_bytes(&collector);
        bytes += corpus.documents[index].count;
        if (!is_well_formed) malformed++;
        if (!is_bare && !collector.is_feed) printf("unread %zu\n", index + 1);
      }
      forget(&collector);
    }
    if (pass > 0)
      printf("pass %.9f %.9f\n", seconds(CLOCK_THREAD_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall);
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("bytes %zu\n", bytes);
  if (!is_bare) printf("items %zu\ntext %zu\n", items, text);
  printf("malformed %zu\npeak %ld\n", malformed, usage.ru_maxrss);
  return 0;
}
