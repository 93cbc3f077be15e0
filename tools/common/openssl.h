/* SPDX-License-Identifier: MIT */
/*
 * Include this before any <openssl/...>: one of its type names is also one of
 * our error names (lib/err.h), so it goes by another name here.
 */
#pragma once

#define ERR_STATE openssl_err_state
#include <openssl/err.h>
#include <openssl/types.h>
#undef ERR_STATE
