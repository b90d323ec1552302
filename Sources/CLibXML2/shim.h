// SPDX-License-Identifier: Apache-2.0
// libxml2 as Swift sees it: its own headers, and what Swift can not import, each with its reason.
#ifndef DRAGOMAN_CLIBXML2_SHIM_H
#define DRAGOMAN_CLIBXML2_SHIM_H

// libxml2 with ICU brings ICU's headers, whose types Swift then finds a second time beside those of
// Foundation's own ICU, and refuses both. Only the insides of encoding handlers, which nobody here
// looks into, depend on them.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

// First, since the header of dictionaries does not bring the types that it uses.
#include <libxml/parser.h>

#include <libxml/dict.h>
#include <libxml/encoding.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>

// The structured error handler is given a const error since libxml2 2.12 and a mutable one before;
// a Swift closure has to name one of the two types, and this name is whichever the headers have.
#if LIBXML_VERSION >= 21200
typedef const xmlError *dragoman_xml_error;
#else
typedef xmlError *dragoman_xml_error;
#endif

#endif
