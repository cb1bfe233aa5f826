/* Writes a store as Rill leaves it after years, and the same articles as rows for sqlite3; the same
 * each time.
 *
 *   store DIRECTORY ROWS ARTICLES
 *
 * DIRECTORY gets store.json and one device with its journal and its articles, in segments of 4 MiB.
 * ROWS gets a line of tab-separated values for each article. There are 500 feeds, large and small;
 * two thirds of the articles are read, the newest less often. The word "harbour" stands in 181,520 of
 * 1,000,000 articles, "zugzwang" in 20. Prints what was written, as lines of NAME VALUE.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <zlib.h>

enum { FEEDS = 500, WORDS = 40000, SEGMENT_BYTES = 4 << 20, IDS = 1000 };

static void give_up(const char *what) {
  fprintf(stderr, "store: %s: %s\n", what, strerror(errno));
  exit(74);
}

/* ---- Chance ---- */

static uint64_t chance;

static uint64_t mixed(uint64_t value) {
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

static uint64_t next(void) { return mixed(chance += 0x9E3779B97F4A7C15u); }

static unsigned below(unsigned count) { return (unsigned)(next() >> 33) % count; }

/* ---- Text that grows ---- */

typedef struct {
  char *bytes;
  size_t count, room;
} Text;

static void add_bytes(Text *text, const char *bytes, size_t count) {
  if (text->count + count > text->room) {
    text->room = 2 * (text->count + count) + 4096;
    text->bytes = realloc(text->bytes, text->room);
    if (!text->bytes) give_up("memory");
  }
  memcpy(text->bytes + text->count, bytes, count);
  text->count += count;
}

static void add(Text *text, const char *words) { add_bytes(text, words, strlen(words)); }

__attribute__((format(printf, 2, 3))) static void addf(Text *text, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int count = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (count < 0 || (size_t)count >= sizeof line) exit(70);
  add_bytes(text, line, (size_t)count);
}

/* ---- Words: few are frequent and many are rare ---- */

static char words[WORDS][24];
static unsigned char word_bytes[WORDS];

static void make_words(void) {
  static const char *const common[] = {
      "the", "of", "and", "to", "a",   "in",   "is",   "it",    "that", "was", "for", "on",
      "are", "as", "with", "they", "be", "at", "one",  "have",  "this", "from", "by", "not",
      "but", "some", "what", "there", "we", "can", "out", "other", "were", "all", "your", "when"};
  static const char *const syllables[] = {
      "ta",  "ri",  "mon", "del", "ka",  "ver", "ship",  "lo", "ne",   "tion", "ing", "er",
      "con", "ber", "sal", "u",   "pre", "dis", "light", "ha", "ment", "ous",  "qui", "fén",
      "pol", "gra", "ste", "mi",  "tor", "y",   "ab",    "ex"};
  chance = 1;
  for (unsigned word = 0; word < WORDS; word++) {
    if (word < sizeof common / sizeof *common) strcpy(words[word], common[word]);
    else
      for (unsigned index = 0, count = 2 + below(2); index < count; index++)
        strcat(words[word], syllables[below(sizeof syllables / sizeof *syllables)]);
    word_bytes[word] = (unsigned char)strlen(words[word]);
  }
}

static void say(Text *text, unsigned count) {
  for (unsigned index = 0; index < count; index++) {
    double fraction = (double)(next() >> 44) / (1 << 20);
    unsigned word = (unsigned)(fraction * fraction * fraction * WORDS);
    if (index > 0) add_bytes(text, " ", 1);
    add_bytes(text, words[word], word_bytes[word]);
  }
}

/* ---- Ids and times ---- */

static void make_id(char *id, uint64_t kind, uint64_t number) {
  uint64_t high = mixed(mixed(kind) + number), low = mixed(high);
  for (int index = 0; index < 20; index++) {
    id[index] = "abcdefghijklmnopqrstuvwxyz234567"[(index < 10 ? high : low) & 31];
    if (index < 10) high >>= 5; else low >>= 5;
  }
  id[20] = 0;
}

static void add_time(Text *text, int64_t milliseconds, bool is_exact) {
  time_t seconds = milliseconds / 1000;
  struct tm fields;
  gmtime_r(&seconds, &fields);
  addf(text, "%04d-%02d-%02dT%02d:%02d:%02d", fields.tm_year + 1900, fields.tm_mon + 1, fields.tm_mday,
       fields.tm_hour, fields.tm_min, fields.tm_sec);
  if (is_exact) addf(text, ".%03d", (int)(milliseconds % 1000));
  add(text, "Z");
}

/* ---- Segments ---- */

typedef struct {
  const char *directory, *prefix;
  FILE *file;
  unsigned segment;
  size_t bytes;
  unsigned long number;
} Sequence;

static uint64_t bytes_written;

static void begin_line(Text *line, Sequence *sequence, int64_t at) {
  line->count = 0;
  addf(line, "{\"n\":%lu,\"at\":\"", ++sequence->number);
  add_time(line, at, true);
  add(line, "\",\"op\":\"");
}

static void end_line(Text *line, Sequence *sequence) {
  unsigned long sum = crc32(0, (const unsigned char *)line->bytes, (unsigned)line->count);
  addf(line, ",\"sum\":\"%08lx\"}\n", sum);
  if (fwrite(line->bytes, 1, line->count, sequence->file) != line->count) give_up(sequence->directory);
  sequence->bytes += line->count;
  bytes_written += line->count;
}

static void close_segment(Sequence *sequence) {
  if (sequence->file && fclose(sequence->file) != 0) give_up(sequence->directory);
  sequence->file = NULL;
}

/* Begins a new segment where the old one is full. */
static void prepare(Sequence *sequence, int64_t at) {
  if (sequence->file && sequence->bytes < SEGMENT_BYTES) return;
  close_segment(sequence);
  char path[4096];
  snprintf(path, sizeof path, "%s/dev/benchdev/%s-%06u.jsonl", sequence->directory, sequence->prefix,
           ++sequence->segment);
  sequence->file = fopen(path, "w");
  if (!sequence->file) give_up(path);
  sequence->bytes = 0;
  static Text line;
  begin_line(&line, sequence, at);
  addf(&line, "open\",\"fmt\":1,\"dev\":\"benchdev\",\"seg\":%u", sequence->segment);
  end_line(&line, sequence);
}

/* ---- What stands in them ---- */

static char feed_ids[FEEDS][24];

static void feed_register(Text *line, Sequence *journal, int64_t at, unsigned feed, const char *key,
                          const char *value) {
  prepare(journal, at);
  begin_line(line, journal, at);
  addf(line, "feed\",\"feed\":\"%s\",\"key\":\"%s\",\"val\":%s", feed_ids[feed], key, value);
  end_line(line, journal);
}

static void paragraph(Text *body) {
  unsigned kind = below(100);
  if (kind < 10) {
    addf(body, "<p><img src=\\\"https://img.bench.test/%u.jpg\\\" alt=\\\"", below(100000));
    say(body, 4);
    add(body, "\\\" width=\\\"640\\\" height=\\\"480\\\"></p>\\n");
  } else if (kind < 16) {
    add(body, "<ul>\\n");
    for (unsigned index = 0, count = 2 + below(4); index < count; index++) {
      add(body, "<li>");
      say(body, 4 + below(8));
      add(body, "</li>\\n");
    }
    add(body, "</ul>\\n");
  } else {
    add(body, "<p>");
    for (unsigned index = 0, count = 1 + below(4); index < count; index++) {
      say(body, 4 + below(12));
      if (kind < 40) {
        addf(body, ", <a href=\\\"https://other.bench.test/%u\\\">", below(1000000));
        say(body, 2);
        add(body, "</a>");
      }
      add(body, kind & 1 ? "&rsquo;s. " : ". ");
    }
    add(body, "</p>\\n");
  }
}

int main(int count, char **arguments) {
  unsigned articles = count == 4 ? (unsigned)atoi(arguments[3]) : 0;
  if (!articles) {
    fprintf(stderr, "usage: store DIRECTORY ROWS ARTICLES\n");
    return 64;
  }
  const char *directory = arguments[1];
  char path[4096];
  const char *const parts[] = {"", "/dev", "/dev/benchdev"};
  for (int index = 0; index < 3; index++) {
    snprintf(path, sizeof path, "%s%s", directory, parts[index]);
    if (mkdir(path, 0700) != 0 && errno != EEXIST) give_up(path);
  }
  snprintf(path, sizeof path, "%s/dev/benchdev/device.json", directory);
  FILE *file = fopen(path, "w");
  if (!file) give_up(path);
  fputs("{\"dev\":\"benchdev\",\"name\":\"bench\",\"app\":\"0.1.0\"}\n", file);
  fclose(file);
  FILE *rows = fopen(arguments[2], "w");
  if (!rows) give_up(arguments[2]);

  make_words();
  Text line = {0}, title = {0};
  Sequence journal = {directory, "j", NULL, 0, 0, 0}, lines = {directory, "a", NULL, 0, 0, 0};
  /* 2020-01-01 to 2026-11-20. */
  const int64_t first = 1577836800000, last = 1795176000000;
  for (unsigned feed = 0; feed < FEEDS; feed++) {
    char value[128];
    make_id(feed_ids[feed], 7, feed);
    snprintf(value, sizeof value, "\"https://h%03u.bench.test/feed.xml\"", feed);
    feed_register(&line, &journal, first, feed, "url", value);
    feed_register(&line, &journal, first, feed, "sub", feed % 50 == 49 ? "false" : "true");
    title.count = 0;
    chance = mixed(feed);
    say(&title, 3);
    snprintf(value, sizeof value, "\"%.*s %u\"", (int)title.count, title.bytes, feed);
    feed_register(&line, &journal, first, feed, "source.title", value);
    if (feed % 10 == 3) feed_register(&line, &journal, first, feed, "tag:tech", "true");
  }

  char(*read_ids)[24] = malloc(sizeof *read_ids * articles);
  if (!read_ids) give_up("memory");
  unsigned read_count = 0, common = 0, rare = 0;
  for (unsigned number = 0; number < articles; number++) {
    chance = mixed(20261122 + (uint64_t)number);
    int64_t received = first + (last - first) / articles * number + below(1000);
    int64_t published = (received - (int64_t)below(86400) * (below(10) ? 40 : 4000)) / 1000 * 1000;
    double fraction = (double)below(1 << 20) / (1 << 20);
    unsigned feed = (unsigned)(fraction * fraction * FEEDS);
    char id[24], other[24];
    make_id(id, 11, number);
    make_id(other, 13, number);
    /* Of the newest tenth less is read. */
    bool is_read = below(100) < (number > articles / 10 * 9 ? 35u : 70u);
    if (is_read) memcpy(read_ids[read_count++], id, sizeof id);
    bool is_common = mixed(number) % 1000000 < 181520, is_rare = number % 50000 == 31;
    common += is_common;
    rare += is_rare;

    title.count = 0;
    say(&title, 3 + below(7));
    prepare(&lines, received);
    begin_line(&line, &lines, received);
    addf(&line, "art\",\"feed\":\"%s\",\"keys\":[\"%s\",\"%s\"],\"rule\":\"new\",\"hash\":\"%012llx\"",
         feed_ids[feed], id, other, (unsigned long long)(next() >> 16));
    addf(&line, ",\"item\":{\"id\":\"https://h%03u.bench.test/?p=%u\"", feed, number);
    addf(&line, ",\"url\":\"https://h%03u.bench.test/%u/\",\"title\":\"", feed, number);
    add_bytes(&line, title.bytes, title.count);
    add(&line, "\",\"content_html\":\"");
    /* 0.5 to 7 KB, short ones being more frequent. */
    fraction = (double)below(1 << 20) / (1 << 20);
    size_t goal = line.count + 500 + (size_t)(6700 * fraction * fraction * fraction * fraction);
    while (line.count < goal) paragraph(&line);
    if (is_common) add(&line, "<p>At the harbour.</p>");
    if (is_rare) add(&line, "<p>A case of zugzwang.</p>");
    add(&line, "\",\"date_published\":\"");
    add_time(&line, published, false);
    add(&line, "\",\"authors\":[{\"name\":\"");
    char author[64] = "";
    snprintf(author, sizeof author, "%s %s", words[100 + feed], words[700 + below(3)]);
    add(&line, author);
    add(&line, "\"}]}");
    end_line(&line, &lines);
    fprintf(rows, "%s\t%u\t%.*s\thttps://h%03u.bench.test/%u/\t%s\t%lld\t%lld\t%d\n", id, feed,
            (int)title.count, title.bytes, feed, number, author, (long long)published, (long long)received,
            is_read);
  }
  for (unsigned start = 0; start < read_count; start += IDS) {
    prepare(&journal, last);
    begin_line(&line, &journal, last + start);
    add(&line, "set\",\"key\":\"read\",\"val\":true,\"ids\":[");
    for (unsigned index = start; index < start + IDS && index < read_count; index++)
      addf(&line, "%s\"%s\"", index > start ? "," : "", read_ids[index]);
    add(&line, "]");
    end_line(&line, &journal);
  }
  close_segment(&journal);
  close_segment(&lines);
  if (fclose(rows) != 0) give_up(arguments[2]);
  /* Last, so that a store that is not whole is none. */
  snprintf(path, sizeof path, "%s/store.json", directory);
  file = fopen(path, "w");
  if (!file) give_up(path);
  fputs("{\"fmt\":1,\"store\":\"be9c0000be9c0000be9c0000be9c0000\",\"created\":\"2020-01-01T00:00:00Z\"}\n",
        file);
  if (fclose(file) != 0) give_up(path);
  printf("articles %u\nread %u\ncommon %u\nrare %u\nbytes %llu\nsegments %u\n", articles, read_count, common,
         rare, (unsigned long long)bytes_written, lines.segment + journal.segment);
  return 0;
}
