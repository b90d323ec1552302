// SPDX-License-Identifier: Apache-2.0
// OpenSSL's libcrypto (3.0 or newer) as Swift sees it: paths of certificates, and RSA with OAEP's
// parameters. What else there is to encipher, swift-crypto does.
#ifndef DRAGOMAN_CLIBCRYPTO_SHIM_H
#define DRAGOMAN_CLIBCRYPTO_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/stack.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#endif
