/* SPDX-License-Identifier: Apache-2.0 */
/* zlib: gzip and deflate. inflateInit2 and deflateInit2 are macros, which Swift does not see. */
#ifndef DRAGOMAN_CZLIB_SHIM_H
#define DRAGOMAN_CZLIB_SHIM_H

#include <zlib.h>

/* windowBits 15 + 16: gzip; 15 + 32: gzip or zlib, told apart by the header; 15: zlib. */
static inline int dragoman_inflate_init(z_streamp stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

static inline int dragoman_deflate_init(z_streamp stream, int level, int window_bits) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}

#endif
