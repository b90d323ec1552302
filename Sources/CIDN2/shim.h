/* SPDX-License-Identifier: Apache-2.0 */
/* libidn2: internationalised domain names (IDNA2008). */
#ifndef DRAGOMAN_CIDN2_SHIM_H
#define DRAGOMAN_CIDN2_SHIM_H

#include <idn2.h>

#endif
