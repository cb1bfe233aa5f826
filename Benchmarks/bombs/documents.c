/* The hostile documents. Each is written to a file when its turn comes; none is kept. */
#include "documents.h"

#include <stdlib.h>
#include <string.h>

static void put(FILE *file, const char *text) { fputs(text, file); }

static void times(FILE *file, const char *text, long count) {
  size_t length = strlen(text);
  static char block[1 << 16];
  long fitting = (long)(sizeof block / length);
  for (long index = 0; index < fitting && index < count; index++)
    memcpy(block + (size_t)index * length, text, length);
  for (; count >= fitting; count -= fitting) fwrite(block, length, (size_t)fitting, file);
  fwrite(block, length, (size_t)count, file);
}

/* `before`, a number, `after`; for each number below the count. */
static void numbered(FILE *file, const char *before, const char *after, long count) {
  for (long index = 0; index < count; index++) fprintf(file, "%s%ld%s", before, index, after);
}

#define START "<rss version='2.0'><channel><title>Feed</title>"
#define ITEM "<item><guid>kept</guid><title>Kept</title></item>"
#define END "</channel></rss>"

static void around(FILE *file, const char *before, const char *text, long count, const char *after) {
  put(file, START ITEM "<item>");
  put(file, before);
  times(file, text, count);
  put(file, after);
  put(file, "</item>" END);
}

/* ---- entities and DOCTYPE ---- */

static void laughs(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<!DOCTYPE rss [<!ENTITY a0 'ha'>");
  for (int level = 1; level < 30; level++) {
    fprintf(file, "<!ENTITY a%d '", level);
    for (int index = 0; index < 10; index++) fprintf(file, "&a%d;", level - 1);
    put(file, "'>");
  }
  put(file, "]>" START "<item><title>&a29;</title></item>" END);
}

static void quadratic(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<!DOCTYPE rss [<!ENTITY a '");
  times(file, "a", 100000);
  put(file, "'>]>");
  around(file, "<description>", "&a;", 50000, "</description>");
}

static void small_quadratic(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<!DOCTYPE rss [<!ENTITY a '");
  times(file, "a", 4000);
  put(file, "'>]>");
  around(file, "<description>", "&a;", 1000000, "</description>");
}

static void defaults(FILE *file, long elements) {
  put(file, "<!DOCTYPE rss [<!ATTLIST b ");
  numbered(file, "a", " CDATA 'x' ", 3000);
  put(file, ">]>");
  around(file, "", "<b/>", elements, "");
}
static void defaults_2000(FILE *file, Canary canary) { (void)canary, defaults(file, 2000); }
static void defaults_20000(FILE *file, Canary canary) { (void)canary, defaults(file, 20000); }

static void declarations(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<!DOCTYPE rss [");
  numbered(file, "<!ENTITY a", " 'x'>", 300000);
  put(file, "]>" START ITEM END);
}

static void open_doctype(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<!DOCTYPE rss [");
  times(file, "<!ENTITY a 'x' [", 500000);
}

static void external(FILE *file, const char *subset, const char *url, const char *use) {
  put(file, "<?xml version='1.0' standalone='no'?>");
  fprintf(file, subset, url);
  put(file, START ITEM "<item>");
  put(file, use);
  put(file, "</item>" END);
}
static void xxe_file(FILE *file, Canary canary) {
  external(file, "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://%s'>]>", canary.path, "<title>&x;</title>");
}
static void xxe_hostname(FILE *file, Canary canary) {
  (void)canary;
  external(file, "<!DOCTYPE rss [<!ENTITY x SYSTEM '%s'>]>", "file:///etc/hostname",
           "<title>&x;</title><description>&x;</description>");
}
static void xxe_attribute(FILE *file, Canary canary) {
  external(file, "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://%s'>]>", canary.path,
           "<enclosure url='http://e.example/&x;' length='1' type='a/b'/>");
}
static void xxe_parameter(FILE *file, Canary canary) {
  external(file,
           "<!DOCTYPE rss [<!ENTITY %% f SYSTEM 'file://%s'><!ENTITY %% d \"<!ENTITY x '%%f;'>\">%%d;]>",
           canary.path, "<title>&x;</title>");
}
static void xxe_subset(FILE *file, Canary canary) {
  external(file, "<!DOCTYPE rss SYSTEM 'file://%s'>", canary.path, "<title>&x;</title>");
}
static void xxe_http(FILE *file, Canary canary) {
  external(file, "<!DOCTYPE rss [<!ENTITY x SYSTEM '%s'>]>", canary.url, "<title>&x;</title>");
}
static void xxe_http_subset(FILE *file, Canary canary) {
  external(file, "<!DOCTYPE rss PUBLIC '-//W3C//DTD XHTML 1.0//EN' '%s'>", canary.url,
           "<title>&x;</title>");
}
static void xinclude(FILE *file, Canary canary) {
  put(file, START ITEM "<item xmlns:xi='http://www.w3.org/2001/XInclude'><description>");
  fprintf(file, "<xi:include href='file://%s' parse='text'/>", canary.path);
  fprintf(file, "<xi:include href='%s'/></description></item>" END, canary.url);
}
static void stylesheet(FILE *file, Canary canary) {
  fprintf(file, "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='%s'?>", canary.url);
  put(file, START ITEM END);
}

/* ---- tags ---- */

static void attributes(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM "<item ");
  numbered(file, "a", "='x' ", 200000);
  put(file, "></item>" END);
}
static void namespaces(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM "<item ");
  numbered(file, "xmlns:a", "='u' ", 50000);
  put(file, "></item>" END);
}
static void namespace_each(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM);
  for (long index = 0; index < 300000; index++)
    fprintf(file, "<a%ld:b xmlns:a%ld='u%ld'/>", index, index, index);
  put(file, END);
}
static void namespace_nested(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM);
  for (int turn = 0; turn < 2000; turn++) {
    for (int index = 0; index < 240; index++) fprintf(file, "<b xmlns:a%d='u%d'>", index, index);
    times(file, "</b>", 240);
  }
  put(file, END);
}
static void names(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM);
  numbered(file, "<n", "/>", 1000000);
  put(file, END);
}
static void names_attribute(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM);
  numbered(file, "<b n", "='1'/>", 1000000);
  put(file, END);
}
static void depth(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM "<item>");
  times(file, "<a>", 1000000);
  times(file, "</a>", 1000000);
  put(file, "</item>" END);
}
static void depth_open(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM);
  times(file, "<item>", 1000000);
}
static void depth_xhtml(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><content type='xhtml'>");
  times(file, "<div>", 1000000);
  times(file, "</div>", 1000000);
  put(file, "</content></entry></feed>");
}
static void opml_depth(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<opml version='2.0'><body>");
  times(file, "<outline text='a'>", 100000);
  put(file, "<outline xmlUrl='http://e.example/'/>");
  times(file, "</outline>", 100000);
  put(file, "</body></opml>");
}
static void base_growth(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://e.example/");
  times(file, "p/", 900);
  put(file, "'><entry><id>1</id>");
  times(file, "<link rel='related' href='./x'/>", 500000);
  put(file, "</entry></feed>");
}

/* ---- long things ---- */

enum { MEGA = 1000000 };

static void attribute_11(FILE *file, Canary canary) {
  (void)canary, around(file, "<enclosure url='", "a", 11 * MEGA, "'/>");
}
static void cdata_11(FILE *file, Canary canary) {
  (void)canary, around(file, "<description><![CDATA[", "a", 11 * MEGA, "]]></description>");
}
static void comment_11(FILE *file, Canary canary) {
  (void)canary, around(file, "<description><!--", "a", 11 * MEGA, "--></description>");
}
static void text_11(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "a", 11 * MEGA, "</description>");
}
static void escaped_11(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "&lt;b&gt;", 11 * MEGA / 9, "</description>");
}
static void instruction_11(FILE *file, Canary canary) {
  (void)canary, around(file, "<?p ", "a", 11 * MEGA, "?>");
}
static void name_9(FILE *file, Canary canary) { (void)canary, around(file, "<", "a", 9 * MEGA, "/>"); }
static void reference_9(FILE *file, Canary canary) {
  (void)canary, around(file, "<title>&", "a", 9 * MEGA, ";</title>");
}
static void title_10(FILE *file, Canary canary) {
  (void)canary, around(file, "<title>", "a b ", 10 * MEGA / 4, "</title>");
}
static void title_markup_10(FILE *file, Canary canary) {
  (void)canary, around(file, "<title>", "&lt;b&gt;a&amp;amp;", 10 * MEGA / 19, "</title>");
}
static void item_30(FILE *file, Canary canary) {
  (void)canary, around(file, "<description><![CDATA[", "<p>text</p>\n", 30 * MEGA / 12, "]]></description>");
}
static void item_30_links(FILE *file, Canary canary) {
  (void)canary, around(file, "<link>http://e.example/a/</link><description><![CDATA[",
                       "<a href='x'>x</a>\n", 30 * MEGA / 18, "]]></description>");
}
static void fields_30(FILE *file, Canary canary) {
  (void)canary, around(file, "", "<description>text of a field</description>", 30 * MEGA / 42, "");
}
static void document_over(FILE *file, Canary canary) {
  (void)canary;
  long rest = (32L << 20) + 1 - (long)strlen(START ITEM END);
  put(file, START ITEM);
  times(file, " ", rest);
  put(file, END);
}
static void document_full(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM);
  /* Nearly as many items and bytes as are allowed. */
  for (int index = 0; index < 19000; index++) {
    put(file, "<item><title>A title</title><description>");
    times(file, "Some text. ", 150);
    put(file, "</description></item>");
  }
  put(file, END);
}

/* ---- many things ---- */

static void items_1m(FILE *file, Canary canary) {
  (void)canary;
  put(file, START);
  times(file, "<item><guid>1</guid></item>", 1000000);
  put(file, END);
}
static void items_20001(FILE *file, Canary canary) {
  (void)canary;
  put(file, START);
  numbered(file, "<item><guid>", "</guid><title>T</title></item>", 20001);
  put(file, END);
}
static void enclosures(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM "<item>");
  numbered(file, "<enclosure url='http://e.example/", "' length='1' type='audio/mpeg'/>", 100000);
  put(file, "</item>" END);
}
static void categories(FILE *file, Canary canary) {
  (void)canary;
  put(file, START ITEM "<item>");
  numbered(file, "<category>", "</category>", 300000);
  put(file, "</item>" END);
}
static void dates(FILE *file, Canary canary) {
  (void)canary;
  static const char *const texts[] = {
      "Mon, 01 Jan 9999999999 00:00:00 GMT", "NaN", "-1", "1e999", "99999999999999999999999999",
      "-9223372036854775808", "0000-00-00T00:00:00Z", "2026-13-45", "9999-12-31T23:59:59-23:59",
      "0001-01-01T00:00:00+23:59", "31 Feb 2026 25:61:61 +9999", "2026-W99-9", "inf"};
  put(file, START);
  for (int turn = 0; turn < 1000; turn++)
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
      fprintf(file, "<item><guid>%d-%zu</guid><pubDate>%s</pubDate></item>", turn, index, texts[index]);
  put(file, END);
}
static void date_10(FILE *file, Canary canary) {
  (void)canary, around(file, "<pubDate>", "1", 10 * MEGA, "</pubDate>");
}

/* ---- repairs ---- */

static void ampersands(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "a & b ", 5 * MEGA, "</description>");
}
static void less_than(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "a < b ", 5 * MEGA, "</description>");
}
static void undeclared(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "&nbsp;", 5 * MEGA, "</description>");
}
static void unclosed(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "<br>", 7 * MEGA, "</description>");
}
static void end_tags(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "</a>", 7 * MEGA, "</description>");
}
static void crossed(FILE *file, Canary canary) {
  (void)canary, around(file, "<description>", "<a><b></a></b>", 2 * MEGA, "</description>");
}
static void open_tags(FILE *file, Canary canary) {
  (void)canary, around(file, "", "<a ", 10 * MEGA, "");
}
static void open_cdata(FILE *file, Canary canary) {
  (void)canary, around(file, "", "<![CDATA[", 3 * MEGA, "");
}
static void open_comments(FILE *file, Canary canary) {
  (void)canary, around(file, "", "<!--", 7 * MEGA, "");
}
static void declared_twice(FILE *file, Canary canary) {
  (void)canary;
  times(file, "<?xml version='1.0'?>", 1000000);
  put(file, START ITEM END);
}
static void noise_before(FILE *file, Canary canary) {
  (void)canary;
  times(file, "noise <", 3 * MEGA);
  put(file, START ITEM END);
}

/* ---- charsets ---- */

static void in_charset(FILE *file, const char *charset, const char *character, long count) {
  fprintf(file, "<?xml version='1.0' encoding='%s'?>", charset);
  around(file, "<description>", character, count, "</description>");
}
static void windows_1252(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "windows-1252", "caf\xe9 ", 31 * MEGA / 5);
}
static void koi8(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "koi8-r", "\xf0\xd2\xc9 a b c d", 31 * MEGA / 11);
}
static void shift_jis(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "shift_jis", "\x8a\xbf\x8e\x9a ab", 31 * MEGA / 7);
}
static void gb18030(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "gb18030", "\x81\x30\x84\x36 a", 31 * MEGA / 6);
}
static void iso_2022(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "iso-2022-jp", "\x1b$B4A\x1b(B", 31 * MEGA / 8);
}
static void utf7(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "utf-7", "+AGE-", 31 * MEGA / 5);
}
static void broken_utf8(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "utf-8", "abc\xff\xe2\x82 ", 31 * MEGA / 7);
}
static void controls(FILE *file, Canary canary) {
  (void)canary, in_charset(file, "utf-8", "abcdef\x01\x02", 31 * MEGA / 8);
}
static void wide(FILE *file, int width, long count) {
  static const char start[] = START ITEM "<item><description>";
  static const char end[] = "</description></item>" END;
  static const char zeros[4] = {0};
  fwrite(width == 2 ? "\xff\xfe" : "\xff\xfe\0\0", 1, (size_t)width, file);
  for (const char *at = start; *at; at++) fputc(*at, file), fwrite(zeros, 1, (size_t)width - 1, file);
  for (long index = 0; index < count; index++) {
    fwrite("\xe9\0\0\0", 1, (size_t)width, file);
    fwrite("a\0\0\0", 1, (size_t)width, file);
  }
  for (const char *at = end; *at; at++) fputc(*at, file), fwrite(zeros, 1, (size_t)width - 1, file);
}
static void utf16(FILE *file, Canary canary) { (void)canary, wide(file, 2, 31 * MEGA / 4); }
static void utf32(FILE *file, Canary canary) { (void)canary, wide(file, 4, 31 * MEGA / 8); }
static void zeros(FILE *file, Canary canary) {
  (void)canary;
  for (int index = 0; index < 31 * MEGA; index++) fputc(0, file);
}

/* ---- JSON and HTML ---- */

#define JSON_START "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Feed\","

static void json_depth(FILE *file, Canary canary) { (void)canary, times(file, "[", 100000); }
static void json_depth_inside(FILE *file, Canary canary) {
  (void)canary;
  put(file, JSON_START "\"x\":");
  times(file, "{\"a\":[", 1000000);
}
static void json_items(FILE *file, Canary canary) {
  (void)canary;
  put(file, JSON_START "\"items\":[");
  numbered(file, "{\"id\":\"", "\"},", 1000000);
  put(file, "{}]}");
}
static void json_text(FILE *file, Canary canary) {
  (void)canary;
  put(file, JSON_START "\"items\":[{\"id\":\"1\",\"content_html\":\"");
  times(file, "\\u00e9\\n", 30 * MEGA / 8);
  put(file, "\"}]}");
}
static void json_members(FILE *file, Canary canary) {
  (void)canary;
  put(file, JSON_START);
  numbered(file, "\"m", "\":1,", 2000000);
  put(file, "\"items\":[]}");
}
static void json_number(FILE *file, Canary canary) {
  (void)canary;
  put(file, JSON_START "\"items\":[{\"id\":");
  times(file, "1", 30 * MEGA);
  put(file, "}]}");
}
static void html_depth(FILE *file, Canary canary) {
  (void)canary, around(file, "<link>http://e.example/</link><description><![CDATA[", "<div>", 100000,
                       "]]></description>");
}
static void html_title(FILE *file, Canary canary) {
  (void)canary, around(file, "<title><![CDATA[", "<b x='", 1000000, "]]></title>");
}
static void html_page(FILE *file, Canary canary) {
  (void)canary;
  put(file, "<!DOCTYPE html><html><body>");
  times(file, "<div><p>page", 2 * MEGA);
}

#define BOMB(name, words) {#name, words, name}

const Bomb bombs[] = {
    BOMB(laughs, "entities in entities, 10^29"),
    BOMB(quadratic, "an entity of 100 KB, 50,000 times"),
    BOMB(small_quadratic, "an entity of 4 KB, 1,000,000 times"),
    BOMB(defaults_2000, "3,000 default attributes, 2,000 elements"),
    BOMB(defaults_20000, "3,000 default attributes, 20,000 elements"),
    BOMB(declarations, "300,000 entity declarations"),
    BOMB(open_doctype, "a DOCTYPE of brackets without an end"),
    BOMB(xxe_file, "an entity that is a file"),
    BOMB(xxe_hostname, "an entity that is /etc/hostname"),
    BOMB(xxe_attribute, "the same in an attribute"),
    BOMB(xxe_parameter, "a parameter entity that is a file"),
    BOMB(xxe_subset, "an external subset that is a file"),
    BOMB(xxe_http, "an entity that is a URL"),
    BOMB(xxe_http_subset, "an external subset that is a URL"),
    BOMB(xinclude, "XInclude of a file and a URL"),
    BOMB(stylesheet, "a style sheet that is a URL"),
    BOMB(attributes, "200,000 attributes on one element"),
    BOMB(namespaces, "50,000 namespaces on one element"),
    BOMB(namespace_each, "300,000 elements, each with its namespace"),
    BOMB(namespace_nested, "namespaces 240 deep, 2,000 times"),
    BOMB(names, "1,000,000 names of elements"),
    BOMB(names_attribute, "1,000,000 names of attributes"),
    BOMB(depth, "1,000,000 elements deep"),
    BOMB(depth_open, "1,000,000 items, one in the other, open"),
    BOMB(depth_xhtml, "XHTML 1,000,000 deep"),
    BOMB(opml_depth, "outlines 100,000 deep"),
    BOMB(base_growth, "500,000 short references, a long base"),
    BOMB(attribute_11, "an attribute of 11 MB"),
    BOMB(cdata_11, "CDATA of 11 MB"),
    BOMB(comment_11, "a comment of 11 MB"),
    BOMB(text_11, "text of 11 MB"),
    BOMB(escaped_11, "escaped HTML of 11 MB"),
    BOMB(instruction_11, "a processing instruction of 11 MB"),
    BOMB(name_9, "a name of 9 MB"),
    BOMB(reference_9, "a reference of 9 MB"),
    BOMB(title_10, "a title of 10 MB"),
    BOMB(title_markup_10, "a title of 10 MB in markup"),
    BOMB(item_30, "an item of 30 MB"),
    BOMB(item_30_links, "an item of 30 MB of relative links"),
    BOMB(fields_30, "30 MB of fields of one item"),
    BOMB(document_full, "32 MB in 19,000 items"),
    BOMB(document_over, "a document of 32 MiB and a byte"),
    BOMB(items_1m, "1,000,000 items"),
    BOMB(items_20001, "20,001 items"),
    BOMB(enclosures, "100,000 enclosures of one item"),
    BOMB(categories, "300,000 categories of one item"),
    BOMB(dates, "13,000 impossible dates"),
    BOMB(date_10, "a date of 10 MB"),
    BOMB(ampersands, "5,000,000 bare ampersands"),
    BOMB(less_than, "5,000,000 bare less-than signs"),
    BOMB(undeclared, "5,000,000 undeclared entities"),
    BOMB(unclosed, "7,000,000 unclosed elements"),
    BOMB(end_tags, "7,000,000 stray end tags"),
    BOMB(crossed, "2,000,000 crossed elements"),
    BOMB(open_tags, "10,000,000 start tags without an end"),
    BOMB(open_cdata, "3,000,000 times the start of CDATA"),
    BOMB(open_comments, "7,000,000 times the start of a comment"),
    BOMB(declared_twice, "1,000,000 XML declarations"),
    BOMB(noise_before, "21 MB of noise before the feed"),
    BOMB(windows_1252, "31 MB in windows-1252"),
    BOMB(koi8, "31 MB in KOI8-R"),
    BOMB(shift_jis, "31 MB in Shift_JIS"),
    BOMB(gb18030, "31 MB in GB18030"),
    BOMB(iso_2022, "31 MB in ISO-2022-JP"),
    BOMB(utf7, "31 MB in UTF-7"),
    BOMB(broken_utf8, "31 MB of broken UTF-8"),
    BOMB(controls, "31 MB with control characters"),
    BOMB(utf16, "31 MB in UTF-16"),
    BOMB(utf32, "31 MB in UTF-32"),
    BOMB(zeros, "31 MB of zeros"),
    BOMB(json_depth, "JSON 100,000 deep"),
    BOMB(json_depth_inside, "JSON 2,000,000 deep inside a feed"),
    BOMB(json_items, "JSON of 1,000,000 items"),
    BOMB(json_text, "30 MB of escapes in JSON"),
    BOMB(json_members, "JSON of 2,000,000 members"),
    BOMB(json_number, "a JSON number of 30 MB"),
    BOMB(html_depth, "HTML 100,000 deep"),
    BOMB(html_title, "1,000,000 open tags in a title"),
    BOMB(html_page, "a page of 24 MB"),
};
const size_t bomb_count = sizeof bombs / sizeof *bombs;
