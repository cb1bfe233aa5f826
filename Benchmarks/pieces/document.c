/* Writes a feed of about the given number of bytes, the same each time.
 *
 *   document feed|token BYTES
 *
 * `feed` has items with all that feeds usually have, `token` has one item whose body is one section.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20261122;

static unsigned below(unsigned count) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(state >> 33) % count;
}

static const char *const words[] = {
    "harbour", "lantern", "quiet",  "north", "copper", "window", "river",  "slow", "märz",  "paper",
    "winter",  "orchard", "signal", "round", "bridge", "summer", "narrow", "ink",  "glass", "early"};

static long say(unsigned count) {
  long bytes = 0;
  for (unsigned index = 0; index < count; index++)
    bytes += printf("%s%s", index ? " " : "", words[below(sizeof words / sizeof *words)]);
  return bytes;
}

static long item(unsigned number) {
  long bytes = printf("<item>\n<title>");
  bytes += say(6);
  bytes += printf("</title>\n<link>https://example.org/%u</link>\n<guid isPermaLink=\"false\">tag:%u</guid>\n"
                  "<pubDate>Mon, 02 Nov 2026 %02u:%02u:00 +0000</pubDate>\n<dc:creator>",
                  number, number, below(24), below(60));
  bytes += say(2);
  bytes += printf("</dc:creator>\n<category>%s</category>\n<description>", words[below(20)]);
  bytes += say(20);
  bytes += printf(" &amp; more</description>\n<content:encoded>");
  int is_section = number % 2 == 0;
  if (is_section) bytes += printf("<![CDATA[");
  for (unsigned paragraph = 0; paragraph < 6; paragraph++) {
    bytes += printf(is_section ? "<p>" : "&lt;p&gt;");
    bytes += say(60);
    bytes += printf(is_section ? " <a href=\"/a\">link</a></p>\n"
                               : " &lt;a href=&quot;/a&quot;&gt;link&lt;/a&gt;&lt;/p&gt;\n");
  }
  if (is_section) bytes += printf("]]>");
  bytes += printf("</content:encoded>\n</item>\n");
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 3) return fprintf(stderr, "usage: document feed|token BYTES\n"), 64;
  long wanted = atol(arguments[2]);
  long bytes = printf("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\""
                      " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
                      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Pieces</title>\n");
  if (strcmp(arguments[1], "token") == 0) {
    printf("<item><title>One</title><description><![CDATA[");
    while (bytes < wanted) bytes += say(50);
    printf("]]></description></item>");
  } else {
    for (unsigned number = 0; bytes < wanted; number++) bytes += item(number);
  }
  printf("</channel></rss>\n");
  return 0;
}
