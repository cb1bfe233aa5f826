#pragma once

#include <libxml/xmlversion.h>
/* Debian builds libxml2 with ICU, and its headers then include ICU's, whose types clash with those
   that Foundation brings along. Nothing that is used here needs ICU. */
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
