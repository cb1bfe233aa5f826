/* Writes feeds as sites serve them, the same each time.
 *
 *   feeds DIRECTORY FEEDS HOSTS ITEMS-LEAST ITEMS-MOST STATE
 *
 * DIRECTORY gets one file for each feed: RSS 2.0, Atom, RSS 1.0 and JSON Feed, in about the shares
 * that one meets. STATE 1 writes all. STATE 2 writes the tenth of them that has news since: one to
 * three new items each, and as many old ones have dropped out at the end. For each file that was
 * written, a line says its host and its name.
 *
 * Each feed, and each item in it, has a seed of its own, so that an item is the same in both states.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- Chance ---- */

static uint64_t chance;

static uint64_t mixed(uint64_t value) {
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

static uint64_t seed(uint64_t feed, uint64_t item) { return mixed(mixed(20261122 + feed) + item); }

static unsigned below(unsigned count) {
  chance += 0x9E3779B97F4A7C15u;
  return (unsigned)(mixed(chance) >> 33) % count;
}

static bool percent(unsigned share) { return below(100) < share; }

/* ---- Text that grows ---- */

typedef struct {
  char *bytes;
  size_t count, room;
} Text;

static void add_bytes(Text *text, const char *bytes, size_t count) {
  if (text->count + count > text->room) {
    text->room = 2 * (text->count + count) + 4096;
    text->bytes = realloc(text->bytes, text->room);
    if (!text->bytes) exit(74);
  }
  memcpy(text->bytes + text->count, bytes, count);
  text->count += count;
}

static void add(Text *text, const char *words) { add_bytes(text, words, strlen(words)); }

__attribute__((format(printf, 2, 3))) static void addf(Text *text, const char *format, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, format);
  int count = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (count < 0 || (size_t)count >= sizeof line) exit(70);
  add_bytes(text, line, (size_t)count);
}

/* ---- Words ---- */

enum { WORDS = 4000, LANGUAGES = 4 };

static char vocabulary[LANGUAGES][WORDS][32];

static const char *const common[] = {
    "the", "of", "and", "to", "a",   "in",   "is",    "it",   "that", "was",  "for",  "on",
    "are", "as", "with", "they", "be", "at", "one",   "have", "this", "from", "by",   "not",
    "but", "some", "what", "there", "we", "can", "out", "other", "were", "all", "your", "when"};

static const char *const syllables[LANGUAGES][24] = {
    {"ta", "ri", "mon", "del", "ka", "ver", "ship", "lo", "ne", "tion", "ing", "er",
     "con", "ber", "sal", "u", "pre", "dis", "light", "ha", "ment", "ous", "qui", "fen"},
    {"mä", "rü", "schön", "ken", "für", "ge", "ver", "ßen", "dé", "çon", "ñar", "ön",
     "lich", "keit", "bar", "é", "tà", "stein", "wer", "ung", "ø", "ång", "che", "hei"},
    {"ра", "но", "сти", "пре", "ко", "вы", "ле", "ние", "мо", "да", "ска", "го",
     "ть", "бо", "жи", "у", "ми", "ров", "че", "ход", "за", "ста", "я", "пол"},
    {"日", "本", "語", "の", "は", "新", "聞", "記", "事", "カ", "メ", "ラ",
     "と", "東", "京", "都", "し", "て", "会", "社", "人", "間", "を", "に"}};

static void make_vocabulary(void) {
  chance = 1;
  for (int language = 0; language < LANGUAGES; language++)
    for (int word = 0; word < WORDS; word++) {
      char *place = vocabulary[language][word];
      if (language == 0 && word < (int)(sizeof common / sizeof *common)) {
        strcpy(place, common[word]);
        continue;
      }
      for (unsigned index = 0, count = 1 + below(3); index <= count; index++)
        strcat(place, syllables[language][below(24)]);
    }
}

/* Few words are frequent and many are rare. */
static const char *word(int language) {
  double fraction = (double)below(1 << 20) / (1 << 20);
  return vocabulary[language][(int)(fraction * fraction * fraction * WORDS)];
}

static void say(Text *text, int language, unsigned count) {
  for (unsigned index = 0; index < count; index++) {
    if (index > 0) add(text, " ");
    add(text, word(language));
  }
}

static void slug(Text *text, unsigned count) {
  for (unsigned index = 0; index < count; index++) {
    if (index > 0) add(text, "-");
    add(text, word(0));
  }
}

/* ---- A feed and its items ---- */

typedef enum { RSS2, ATOM, RSS1, JSON } Form;

typedef enum { SECTION, ESCAPED, MARKUP } Writing;

typedef struct {
  unsigned number, host;
  Form form;
  Writing writing;
  int language;
  unsigned item_count;
  bool has_summary, has_author, has_categories, has_media, has_permalink_guid;
  long step;
} Feed;

typedef struct {
  Text title, link, guid, body, summary, author;
  Text categories[3];
  unsigned category_count;
  time_t date;
  unsigned file_bytes;
} Item;

/* Fri, 20 Nov 2026 12:00:00 GMT: no item of state 1 is younger. */
static const time_t first_end = 1795176000;

static const time_t written[] = {0, 1795179600, 1795266000};

static Feed feed(unsigned number, unsigned hosts, unsigned least, unsigned most) {
  chance = seed(number, 0);
  Feed feed = {.number = number, .host = number % hosts};
  unsigned form = below(100);
  feed.form = form < 56 ? RSS2 : form < 86 ? ATOM : form < 93 ? RSS1 : JSON;
  unsigned writing = below(100);
  feed.writing = writing < 55 ? SECTION : ESCAPED;
  if (feed.form == ATOM) feed.writing = writing < 20 ? SECTION : writing < 85 ? ESCAPED : MARKUP;
  unsigned language = below(100);
  feed.language = language < 78 ? 0 : language < 90 ? 1 : language < 96 ? 2 : 3;
  feed.item_count = least + below(most - least + 1);
  feed.has_summary = percent(40);
  feed.has_author = percent(70);
  feed.has_categories = percent(60);
  feed.has_media = percent(8);
  feed.has_permalink_guid = percent(50);
  static const long steps[] = {3600, 6 * 3600, 86400, 86400, 3 * 86400, 7 * 86400, 30 * 86400};
  feed.step = steps[below(sizeof steps / sizeof *steps)];
  return feed;
}

/* One of each ten. */
static bool has_news(unsigned number) { return seed(number / 10, 1) % 10 == number % 10; }

static unsigned news(unsigned number) { return 1 + (unsigned)(seed(number, 2) % 3); }

static const char *suffix(Form form) {
  return form == RSS2 ? "rss" : form == ATOM ? "atom" : form == RSS1 ? "rdf" : "json";
}

static void host(Text *text, const Feed *feed) { addf(text, "h%04u.bench.test", feed->host); }

/* ---- HTML ---- */

static void sentence(Text *html, const Feed *feed) {
  unsigned count = 5 + below(14);
  for (unsigned index = 0; index < count; index++) {
    unsigned kind = below(100);
    if (index > 0) add(html, " ");
    if (kind == 0) {
      add(html, "<a href=\"https://");
      host(html, feed);
      if (percent(20)) {
        add(html, "/about?ref=post&amp;page=2\">");
      } else {
        add(html, "/");
        slug(html, 3);
        add(html, "/\">");
      }
      say(html, feed->language, 2);
      add(html, "</a>");
    } else if (kind == 1) {
      add(html, "<strong>");
      say(html, feed->language, 2);
      add(html, "</strong>");
    } else if (kind == 2) {
      add(html, "<em>");
      add(html, word(feed->language));
      add(html, "</em>");
    } else if (kind == 3) {
      static const char *const references[] = {"&amp;", "&#8217;", "&#8230;", "&#160;", "&lt;3"};
      static const char *const names[] = {"&amp;", "&rsquo;", "&hellip;", "&nbsp;", "&mdash;"};
      /* XML knows no names of HTML's. */
      add(html, feed->writing == MARKUP ? references[below(5)] : names[below(5)]);
    } else {
      add(html, word(feed->language));
      if (kind < 12) add(html, ",");
    }
  }
  add(html, feed->language == 3 ? "。" : percent(10) ? "? " : ". ");
}

static void paragraph(Text *html, const Feed *feed) {
  unsigned kind = below(100);
  if (kind < 12) {
    add(html, "<p><img src=\"https://img.");
    host(html, feed);
    addf(html, "/%04u/%02u/", 2026, 1 + below(12));
    slug(html, 2);
    addf(html, "-%u.jpg\" alt=\"", below(9999));
    say(html, feed->language, 4);
    addf(html, "\" width=\"%u\" height=\"%u\" loading=\"lazy\" /></p>\n", 640 + 16 * below(40), 480);
  } else if (kind < 18) {
    add(html, "<ul>\n");
    for (unsigned index = 0, count = 2 + below(4); index < count; index++) {
      add(html, "<li>");
      say(html, feed->language, 4 + below(8));
      add(html, "</li>\n");
    }
    add(html, "</ul>\n");
  } else if (kind < 22) {
    add(html, "<blockquote><p>");
    sentence(html, feed);
    add(html, "</p></blockquote>\n");
  } else if (kind < 25) {
    add(html, "<h2 class=\"wp-block-heading\">");
    say(html, feed->language, 4);
    add(html, "</h2>\n");
  } else if (kind < 28) {
    add(html, "<pre><code class=\"language-c\">if (count &lt; 10 &amp;&amp; !");
    slug(html, 1);
    add(html, ") {\n  return ");
    slug(html, 1);
    add(html, ";\n}\n</code></pre>\n");
  } else {
    add(html, percent(15) ? "<p class=\"has-text-align-left\">" : "<p>");
    for (unsigned index = 0, count = 1 + below(4); index < count; index++) sentence(html, feed);
    add(html, "</p>\n");
  }
}

static void make_item(Item *item, const Feed *feed, unsigned serial) {
  chance = seed(feed->number, 1000 + serial);
  Text *texts[] = {&item->title, &item->link, &item->guid, &item->body, &item->summary, &item->author,
                   item->categories, item->categories + 1, item->categories + 2};
  for (unsigned index = 0; index < sizeof texts / sizeof *texts; index++) texts[index]->count = 0;
  item->category_count = feed->has_categories ? 1 + below(3) : 0;
  for (unsigned index = 0; index < item->category_count; index++)
    say(&item->categories[index], feed->language, 1 + below(2));

  say(&item->title, feed->language, 3 + below(7));
  if (percent(12)) add(&item->title, " & more");
  addf(&item->title, " #%u", serial);
  add(&item->link, "https://");
  host(&item->link, feed);
  addf(&item->link, "/%u/", feed->number);
  slug(&item->link, 4);
  addf(&item->link, "-%u/", serial);
  if (feed->has_permalink_guid && feed->form != ATOM) {
    add_bytes(&item->guid, item->link.bytes, item->link.count);
  } else if (feed->form == RSS2 || feed->form == JSON) {
    add(&item->guid, "https://");
    host(&item->guid, feed);
    addf(&item->guid, "/?p=%u", 1000 * feed->number + serial);
  } else {
    add(&item->guid, "tag:");
    host(&item->guid, feed);
    addf(&item->guid, ",2026:post-%u.%u", feed->number, serial);
  }
  if (feed->has_author) {
    chance = seed(feed->number, 10 + serial % 3);
    say(&item->author, feed->language, 2);
    chance = seed(feed->number, 100000 + serial);
  }
  /* 0.5 to 6 KB, short ones being more frequent. */
  double fraction = (double)below(1 << 20) / (1 << 20);
  size_t goal = 480 + (size_t)(5400 * fraction * fraction * fraction * (0.25 + 0.75 * fraction));
  while (item->body.count < goal) paragraph(&item->body, feed);
  if (feed->has_summary) {
    for (unsigned index = 0, count = 1 + below(2); index < count; index++) {
      say(&item->summary, feed->language, 8 + below(10));
      add(&item->summary, feed->language == 3 ? "。" : ". ");
    }
    item->summary.count -= feed->language != 3;
  }
  long age = (long)feed->item_count - 1 - (long)serial;
  item->date = first_end - (time_t)(age * feed->step) - (time_t)below((unsigned)feed->step / 2);
  item->file_bytes = feed->has_media ? 1000000 + below(50000000) : 0;
}

/* ---- How each form writes ---- */

static void escaped(Text *out, const Text *text) {
  const char *end = text->bytes + text->count;
  for (const char *place = text->bytes; place < end; place++) {
    switch (*place) {
      case '&': add(out, "&amp;"); break;
      case '<': add(out, "&lt;"); break;
      case '>': add(out, "&gt;"); break;
      case '"': add(out, "&quot;"); break;
      default: add_bytes(out, place, 1);
    }
  }
}

static void html(Text *out, const Feed *feed, const Text *text) {
  if (feed->writing == ESCAPED) {
    escaped(out, text);
    return;
  }
  add(out, "<![CDATA[");
  add_bytes(out, text->bytes, text->count);
  add(out, "]]>");
}

static void element(Text *out, const char *name, const Text *text) {
  addf(out, "<%s>", name);
  escaped(out, text);
  addf(out, "</%s>\n", name);
}

static void string(Text *out, const Text *text) {
  add(out, "\"");
  const char *end = text->bytes + text->count;
  for (const char *place = text->bytes; place < end; place++) {
    switch (*place) {
      case '"': add(out, "\\\""); break;
      case '\\': add(out, "\\\\"); break;
      case '\n': add(out, "\\n"); break;
      default: add_bytes(out, place, 1);
    }
  }
  add(out, "\"");
}

/* Fri, 20 Nov 2026 12:00:00 +0000 */
static void rfc822(Text *out, time_t date) {
  char text[64];
  struct tm fields;
  gmtime_r(&date, &fields);
  strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &fields);
  add(out, text);
}

static void rfc3339(Text *out, time_t date) {
  char text[64];
  struct tm fields;
  gmtime_r(&date, &fields);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &fields);
  add(out, text);
}

static void rss_item(Text *out, const Feed *feed, const Item *item) {
  if (feed->form == RSS2) {
    add(out, "<item>\n");
  } else {
    add(out, "<item rdf:about=\"");
    escaped(out, &item->link);
    add(out, "\">\n");
  }
  element(out, "title", &item->title);
  element(out, "link", &item->link);
  if (feed->form == RSS2) {
    addf(out, "<guid isPermaLink=\"%s\">", feed->has_permalink_guid ? "true" : "false");
    escaped(out, &item->guid);
    add(out, "</guid>\n<pubDate>");
    rfc822(out, item->date);
    add(out, "</pubDate>\n");
  } else {
    add(out, "<dc:date>");
    rfc3339(out, item->date);
    add(out, "</dc:date>\n");
  }
  if (feed->has_author) element(out, "dc:creator", &item->author);
  for (unsigned index = 0; index < item->category_count; index++)
    element(out, feed->form == RSS2 ? "category" : "dc:subject", &item->categories[index]);
  if (feed->has_summary) element(out, "description", &item->summary);
  add(out, feed->has_summary ? "<content:encoded>" : "<description>");
  html(out, feed, &item->body);
  add(out, feed->has_summary ? "</content:encoded>\n" : "</description>\n");
  if (feed->form == RSS2 && item->file_bytes)
    addf(out, "<enclosure url=\"https://media.h%04u.bench.test/%u.mp3\" length=\"%u\" "
              "type=\"audio/mpeg\" />\n", feed->host, item->file_bytes, item->file_bytes);
  add(out, "</item>\n");
}

static void entry(Text *out, const Feed *feed, const Item *item) {
  add(out, "<entry>\n<title type=\"text\">");
  escaped(out, &item->title);
  add(out, "</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
  escaped(out, &item->link);
  add(out, "\"/>\n");
  element(out, "id", &item->guid);
  add(out, "<published>");
  rfc3339(out, item->date);
  add(out, "</published>\n<updated>");
  rfc3339(out, item->date + 600);
  add(out, "</updated>\n");
  if (feed->has_author) {
    add(out, "<author>");
    element(out, "name", &item->author);
    add(out, "</author>\n");
  }
  for (unsigned index = 0; index < item->category_count; index++) {
    add(out, "<category term=\"");
    escaped(out, &item->categories[index]);
    add(out, "\"/>\n");
  }
  if (feed->has_summary) element(out, "summary", &item->summary);
  if (feed->writing == MARKUP) {
    add(out, "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">\n");
    add_bytes(out, item->body.bytes, item->body.count);
    add(out, "</div></content>\n</entry>\n");
  } else {
    add(out, "<content type=\"html\">");
    html(out, feed, &item->body);
    add(out, "</content>\n</entry>\n");
  }
}

static void member(Text *out, const char *name, const Text *value) {
  addf(out, "\"%s\": ", name);
  string(out, value);
  add(out, ",\n");
}

static void json_item(Text *out, const Feed *feed, const Item *item) {
  add(out, "{\n");
  member(out, "id", &item->guid);
  member(out, "url", &item->link);
  member(out, "title", &item->title);
  member(out, "content_html", &item->body);
  if (feed->has_summary) member(out, "summary", &item->summary);
  if (feed->has_author) {
    add(out, "\"authors\": [{\"name\": ");
    string(out, &item->author);
    add(out, "}],\n");
  }
  if (item->category_count > 0) {
    add(out, "\"tags\": [");
    for (unsigned index = 0; index < item->category_count; index++) {
      if (index > 0) add(out, ", ");
      string(out, &item->categories[index]);
    }
    add(out, "],\n");
  }
  add(out, "\"date_published\": \"");
  rfc3339(out, item->date);
  add(out, "\"\n}");
}

static void document(Text *out, const Feed *feed, unsigned newest) {
  static Item item;
  Text title = {0}, site = {0};
  chance = seed(feed->number, 3);
  say(&title, feed->language, 2 + below(3));
  addf(&title, " %u", feed->number);
  add(&site, "https://");
  host(&site, feed);
  addf(&site, "/%u/", feed->number);
  out->count = 0;
  if (feed->form != JSON) add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  if (feed->form == RSS2)
    add(out, "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
             "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n");
  if (feed->form == RSS1) {
    add(out, "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" "
             "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
             "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
             "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"");
    escaped(out, &site);
    add(out, "\">\n");
  }
  if (feed->form == ATOM) {
    add(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    element(out, "title", &title);
    element(out, "id", &site);
    add(out, "<link rel=\"alternate\" href=\"");
    escaped(out, &site);
    add(out, "\"/>\n<updated>");
    make_item(&item, feed, newest);
    rfc3339(out, item.date + 600);
    add(out, "</updated>\n");
  } else if (feed->form == JSON) {
    add(out, "{\n\"version\": \"https://jsonfeed.org/version/1.1\",\n");
    member(out, "title", &title);
    member(out, "home_page_url", &site);
    add(out, "\"items\": [\n");
  } else {
    element(out, "title", &title);
    element(out, "link", &site);
    add(out, "<description>");
    escaped(out, &title);
    add(out, "</description>\n");
    if (feed->form == RSS1) add(out, "</channel>\n");
  }
  for (unsigned index = 0; index < feed->item_count; index++) {
    make_item(&item, feed, newest - index);
    if (feed->form == JSON) {
      if (index > 0) add(out, ",\n");
      json_item(out, feed, &item);
    } else if (feed->form == ATOM) {
      entry(out, feed, &item);
    } else {
      rss_item(out, feed, &item);
    }
  }
  static const char *const ends[] = {"</channel>\n</rss>\n", "</feed>\n", "</rdf:RDF>\n", "\n]\n}\n"};
  add(out, ends[feed->form]);
  free(title.bytes);
  free(site.bytes);
}

static void give_up(const char *what) {
  fprintf(stderr, "feeds: %s: %s\n", what, strerror(errno));
  exit(74);
}

/* An old file is not written to: it may be a link to the one of another state. */
static void write_file(const char *path, const Text *text, time_t date) {
  if (unlink(path) != 0 && errno != ENOENT) give_up(path);
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (file < 0) give_up(path);
  for (size_t start = 0; start < text->count;) {
    ssize_t got = write(file, text->bytes + start, text->count - start);
    if (got < 0) give_up(path);
    start += (size_t)got;
  }
  struct timespec times[2] = {{.tv_sec = date}, {.tv_sec = date}};
  if (futimens(file, times) != 0) give_up(path);
  close(file);
}

int main(int count, char **arguments) {
  if (count != 7) {
    fprintf(stderr, "usage: feeds DIRECTORY FEEDS HOSTS ITEMS-LEAST ITEMS-MOST 1|2\n");
    return 64;
  }
  unsigned feeds = (unsigned)atoi(arguments[2]), hosts = (unsigned)atoi(arguments[3]);
  unsigned least = (unsigned)atoi(arguments[4]), most = (unsigned)atoi(arguments[5]);
  int state = atoi(arguments[6]);
  if (!feeds || !hosts || !least || most < least || state < 1 || state > 2) return 64;
  make_vocabulary();
  Text out = {0};
  for (unsigned number = 0; number < feeds; number++) {
    if (state == 2 && !has_news(number)) continue;
    Feed one = feed(number, hosts, least, most);
    document(&out, &one, one.item_count - 1 + (state == 2 ? news(number) : 0));
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/f%05u.%s", arguments[1], number, suffix(one.form));
    if (length < 0 || (size_t)length >= sizeof path) return 64;
    write_file(path, &out, written[state] + (time_t)(number % 3600));
    printf("h%04u.bench.test f%05u.%s\n", one.host, number, suffix(one.form));
  }
  return 0;
}
