/* SPDX-License-Identifier: Apache-2.0 */
/* PCRE2 for UTF-8: its header wants the width of a code unit before it is read. */
#ifndef DRAGOMAN_CPCRE2_SHIM_H
#define DRAGOMAN_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
