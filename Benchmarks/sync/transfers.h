/* The bare loop: one libcurl multi handle, a window of transfers, one at a time to each host, and
 * validators that are sent again. What becomes of the bodies is up to who includes it.
 */
#ifndef RILL_BENCH_TRANSFERS_H
#define RILL_BENCH_TRANSFERS_H

#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "../parse/corpus.h"

enum { WINDOW = 256, NONE_LEFT = -1 };

typedef struct {
  char *url;
  /* As the server wrote them; NULL when it gave none. */
  char *etag, *modified;
  /* The next feed of the same host, by number. */
  long next;
} Feed;

typedef struct {
  /* The first feed that waits and the last one; NONE_LEFT when none does. */
  long first, last;
  const char *name;
  size_t name_count;
} Host;

typedef struct {
  CURL *easy;
  struct curl_slist *headers;
  size_t feed, host;
  /* The status has been seen. */
  bool is_begun;
  /* For who includes this. */
  void *state;
} Transfer;

typedef struct {
  Feed *feeds;
  size_t feed_count;
  Host *hosts;
  size_t host_count;
  /* The hosts that may be asked, in turn. */
  size_t *line;
  size_t line_first, line_count;
  Transfer transfers[WINDOW];
  size_t counts[600], failed;
} Loop;

/* What is done with bodies: `body` gets those of answers with status 200 alone. */
typedef struct {
  void (*body)(Loop *loop, Transfer *transfer, const char *bytes, size_t count);
  void (*end)(Loop *loop, Transfer *transfer, bool is_whole);
  /* libcurl decompresses. */
  bool wants_decoded;
} Sink;

static Sink sink;
static Loop loop;

static void host_of(const char *url, const char **name, size_t *count) {
  *name = strstr(url, "://") + 3;
  *count = strcspn(*name, "/");
}

static int by_host(const void *left, const void *right) {
  const Feed *const *one = left, *const *other = right;
  const char *name, *other_name;
  size_t count, other_count;
  host_of((*one)->url, &name, &count);
  host_of((*other)->url, &other_name, &other_count);
  int order = memcmp(name, other_name, count < other_count ? count : other_count);
  if (order == 0 && count != other_count) order = count < other_count ? -1 : 1;
  return order ? order : *one < *other ? -1 : 1;
}

/* Reads the URLs and lines each host's feeds up. */
static void read_feeds(const char *list) {
  size_t count;
  char **urls = read_paths(list, &count);
  loop.feeds = grown(NULL, count * sizeof(Feed));
  loop.feed_count = count;
  Feed **sorted = grown(NULL, count * sizeof *sorted);
  for (size_t index = 0; index < count; index++) {
    loop.feeds[index] = (Feed){.url = urls[index], .next = NONE_LEFT};
    sorted[index] = &loop.feeds[index];
  }
  free(urls);
  qsort(sorted, count, sizeof *sorted, by_host);
  loop.hosts = grown(NULL, count * sizeof(Host));
  for (size_t index = 0; index < count; index++) {
    const char *name;
    size_t name_count;
    host_of(sorted[index]->url, &name, &name_count);
    Host *host = loop.host_count ? &loop.hosts[loop.host_count - 1] : NULL;
    long number = sorted[index] - loop.feeds;
    if (host && host->name_count == name_count && memcmp(host->name, name, name_count) == 0) {
      loop.feeds[host->last].next = number;
      host->last = number;
    } else {
      loop.hosts[loop.host_count++] = (Host){number, number, name, name_count};
    }
  }
  free(sorted);
  loop.line = grown(NULL, loop.host_count * sizeof *loop.line);
  for (size_t index = 0; index < loop.host_count; index++) loop.line[index] = index;
  loop.line_count = loop.host_count;
}

/* One line for each feed: its ETag, a tab, its Last-Modified. */
static void read_validators(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return;
  char *line = NULL;
  size_t room = 0;
  for (size_t index = 0; index < loop.feed_count && getline(&line, &room, file) > 0; index++) {
    char *tab = strchr(line, '\t');
    if (!tab) continue;
    *tab = 0;
    tab[1 + strcspn(tab + 1, "\n")] = 0;
    if (*line) loop.feeds[index].etag = strdup(line);
    if (tab[1]) loop.feeds[index].modified = strdup(tab + 1);
  }
  free(line);
  fclose(file);
}

static void write_validators(const char *path) {
  char *fresh;
  if (asprintf(&fresh, "%s.new", path) < 0) give_up("memory");
  FILE *file = fopen(fresh, "w");
  if (!file) give_up(fresh);
  for (size_t index = 0; index < loop.feed_count; index++)
    fprintf(file, "%s\t%s\n", loop.feeds[index].etag ? loop.feeds[index].etag : "",
            loop.feeds[index].modified ? loop.feeds[index].modified : "");
  if (fclose(file) != 0 || rename(fresh, path) != 0) give_up(path);
  free(fresh);
}

static size_t take(char *bytes, size_t size, size_t count, void *user) {
  Transfer *transfer = user;
  (void)size;
  if (!transfer->is_begun) {
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->is_begun = status == 200;
  }
  if (transfer->is_begun && sink.body) sink.body(&loop, transfer, bytes, count);
  return count;
}

static void set_up(Transfer *transfer, CURLSH *share, struct curl_slist *addresses, const char *ca) {
  CURL *easy = transfer->easy = curl_easy_init();
  if (!easy) give_up("curl_easy_init");
  curl_easy_setopt(easy, CURLOPT_SHARE, share);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_RESOLVE, addresses);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  /* Debian's CApath keeps libcurl from reading the certificates once for all. */
  curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  curl_easy_setopt(easy, CURLOPT_CAINFO, ca ? ca : "/etc/ssl/certs/ca-certificates.crt");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br, zstd");
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, sink.wants_decoded ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench/1");
}

static struct curl_slist *with_header(struct curl_slist *headers, const char *name, const char *value) {
  char line[2048];
  if (!value) return headers;
  snprintf(line, sizeof line, "%s: %s", name, value);
  return curl_slist_append(headers, line);
}

/* Starts the next host's next feed; false when no host has any. */
static bool start(CURLM *multi, Transfer *transfer) {
  if (loop.line_count == 0) return false;
  transfer->host = loop.line[loop.line_first];
  loop.line_first = (loop.line_first + 1) % loop.host_count;
  loop.line_count--;
  Host *host = &loop.hosts[transfer->host];
  transfer->feed = (size_t)host->first;
  transfer->is_begun = false;
  Feed *feed = &loop.feeds[transfer->feed];
  host->first = feed->next;
  transfer->headers = with_header(NULL, "If-None-Match", feed->etag);
  transfer->headers = with_header(transfer->headers, "If-Modified-Since", feed->modified);
  transfer->headers = with_header(transfer->headers, "Accept",
                                  "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5");
  curl_easy_setopt(transfer->easy, CURLOPT_URL, feed->url);
  curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
  if (curl_multi_add_handle(multi, transfer->easy) != CURLM_OK) give_up("curl_multi_add_handle");
  return true;
}

static char *header(CURL *easy, const char *name) {
  struct curl_header *found;
  if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return NULL;
  return strdup(found->value);
}

static void finish(CURLM *multi, Transfer *transfer, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  Feed *feed = &loop.feeds[transfer->feed];
  if (code != CURLE_OK)
    loop.failed++;
  else if (status > 0 && status < 600)
    loop.counts[status]++;
  bool is_whole = code == CURLE_OK && status == 200;
  if (is_whole) {
    free(feed->etag);
    free(feed->modified);
    feed->etag = header(transfer->easy, "ETag");
    feed->modified = header(transfer->easy, "Last-Modified");
  }
  if (sink.end) sink.end(&loop, transfer, is_whole);
  curl_multi_remove_handle(multi, transfer->easy);
  curl_slist_free_all(transfer->headers);
  /* Who has more comes first, while its connection is open: libcurl keeps fewer than there are hosts. */
  if (loop.hosts[transfer->host].first != NONE_LEFT) {
    loop.line_first = (loop.line_first + loop.host_count - 1) % loop.host_count;
    loop.line[loop.line_first] = transfer->host;
    loop.line_count++;
  }
}

/* Asks for every feed once. */
static void run(const char *ca) {
  curl_global_init(CURL_GLOBAL_ALL);
  CURLM *multi = curl_multi_init();
  CURLSH *share = curl_share_init();
  if (!multi || !share) give_up("libcurl");
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 512L);
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 512L);
  /* Every name has the address of this machine, at the port of the first URL. */
  const char *name;
  size_t name_count;
  host_of(loop.feeds[0].url, &name, &name_count);
  const char *colon = memchr(name, ':', name_count);
  char address[64];
  snprintf(address, sizeof address, "*:%d:127.0.0.1", colon ? atoi(colon + 1) : 80);
  struct curl_slist *addresses = curl_slist_append(NULL, address);
  int under_way = 0;
  for (size_t index = 0; index < WINDOW; index++) {
    if (loop.line_count == 0) break;
    set_up(&loop.transfers[index], share, addresses, ca);
    start(multi, &loop.transfers[index]);
    under_way++;
  }
  while (under_way > 0) {
    int running, left;
    curl_multi_perform(multi, &running);
    CURLMsg *message;
    bool is_any = false;
    while ((message = curl_multi_info_read(multi, &left))) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer *transfer;
      CURLcode code = message->data.result;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
      finish(multi, transfer, code);
      is_any = true;
      if (!start(multi, transfer)) under_way--;
    }
    if (!is_any) curl_multi_poll(multi, NULL, 0, 60000, NULL);
  }
  for (size_t index = 0; index < WINDOW && loop.transfers[index].easy; index++)
    curl_easy_cleanup(loop.transfers[index].easy);
  curl_multi_cleanup(multi);
  curl_share_cleanup(share);
  curl_slist_free_all(addresses);
}

static void report(void) {
  printf("fetched %zu\nnot-modified %zu\nfailed %zu\n", loop.counts[200], loop.counts[304],
         loop.feed_count - loop.counts[200] - loop.counts[304]);
}

#endif
