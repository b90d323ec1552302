// SPDX-License-Identifier: Apache-2.0
// nghttp2, and what Swift cannot ask of it: which functions the library at hand has. Debian 12's
// 1.52 carries functions of 1.57 and 1.61 that its version number does not tell, so they are
// weak references, called where they are.
#ifndef DRAGOMAN_CNGHTTP2_SHIM_H
#define DRAGOMAN_CNGHTTP2_SHIM_H

#include <sys/types.h>
#include <nghttp2/nghttp2.h>

extern void nghttp2_option_set_stream_reset_rate_limit(
    nghttp2_option *option, uint64_t burst, uint64_t rate) __attribute__((weak));
extern void nghttp2_option_set_max_continuations(
    nghttp2_option *option, size_t val) __attribute__((weak));
extern void nghttp2_option_set_glitch_rate_limit(
    nghttp2_option *option, uint64_t burst, uint64_t rate) __attribute__((weak));

// Limits against floods of RST_STREAM, CONTINUATION and odd but legal frames, where the library
// can keep them.
static inline void dragoman_option_set_flood_limits(nghttp2_option *option) {
  if (nghttp2_option_set_stream_reset_rate_limit) {
    nghttp2_option_set_stream_reset_rate_limit(option, 1000, 100);
  }
  if (nghttp2_option_set_max_continuations) {
    nghttp2_option_set_max_continuations(option, 8);
  }
  if (nghttp2_option_set_glitch_rate_limit) {
    nghttp2_option_set_glitch_rate_limit(option, 10000, 1000);
  }
}

#endif
