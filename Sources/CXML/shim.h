#pragma once

#include <libxml/xmlversion.h>
/* Debian builds libxml2 with ICU, and its headers then include ICU's, whose types clash with those
   that Foundation brings along. Nothing that is used here needs ICU. */
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

/* The library that these headers describe: 2.14 changed its binary interface. */
#if defined(__APPLE__)
#define RILL_XML_LIBRARY "libxml2.2.dylib"
#elif LIBXML_VERSION >= 21400
#define RILL_XML_LIBRARY "libxml2.so.16"
#else
#define RILL_XML_LIBRARY "libxml2.so.2"
#endif
