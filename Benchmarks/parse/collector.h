/* What a plain program keeps of a feed, gathered from the events of libxml2's SAX. */
#ifndef RILL_BENCH_COLLECTOR_H
#define RILL_BENCH_COLLECTOR_H

#include <libxml/parser.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

#endif
