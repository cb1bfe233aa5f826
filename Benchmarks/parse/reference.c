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

#include "collector.h"
#include "corpus.h"

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
