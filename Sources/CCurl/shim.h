#include <curl/curl.h>

// Swift cannot call variadic functions. Each wrapper here fixes the type of the argument, and takes
// the function as it came from dlsym, so that nothing refers to libcurl when the program is linked.

typedef void (*rill_curl_function)(void);
typedef CURLcode (*rill_curl_easy_variadic)(CURL *, CURLoption, ...);
typedef CURLcode (*rill_curl_info_variadic)(CURL *, CURLINFO, ...);
typedef CURLMcode (*rill_curl_multi_variadic)(CURLM *, CURLMoption, ...);
typedef CURLSHcode (*rill_curl_share_variadic)(CURLSH *, CURLSHoption, ...);

static inline CURLcode rill_curl_easy_setopt_long(
    rill_curl_function function, CURL *easy, CURLoption option, long value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_off_t(
    rill_curl_function function, CURL *easy, CURLoption option, curl_off_t value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_string(
    rill_curl_function function, CURL *easy, CURLoption option, const char *value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_pointer(
    rill_curl_function function, CURL *easy, CURLoption option, void *value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_slist(
    rill_curl_function function, CURL *easy, CURLoption option, struct curl_slist *value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_write(
    rill_curl_function function, CURL *easy, CURLoption option, curl_write_callback value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_opensocket(
    rill_curl_function function, CURL *easy, CURLoption option, curl_opensocket_callback value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_setopt_prereq(
    rill_curl_function function, CURL *easy, CURLoption option, curl_prereq_callback value) {
  return ((rill_curl_easy_variadic)function)(easy, option, value);
}

static inline CURLcode rill_curl_easy_getinfo_long(
    rill_curl_function function, CURL *easy, CURLINFO info, long *value) {
  return ((rill_curl_info_variadic)function)(easy, info, value);
}

static inline CURLcode rill_curl_easy_getinfo_off_t(
    rill_curl_function function, CURL *easy, CURLINFO info, curl_off_t *value) {
  return ((rill_curl_info_variadic)function)(easy, info, value);
}

static inline CURLMcode rill_curl_multi_setopt_long(
    rill_curl_function function, CURLM *multi, CURLMoption option, long value) {
  return ((rill_curl_multi_variadic)function)(multi, option, value);
}

static inline CURLSHcode rill_curl_share_setopt_data(
    rill_curl_function function, CURLSH *share, CURLSHoption option, curl_lock_data value) {
  return ((rill_curl_share_variadic)function)(share, option, value);
}
