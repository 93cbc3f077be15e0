/* SPDX-License-Identifier: MIT */
/*
 * The blob holds seeds and keys: every copy that is given up is wiped first.
 * A store that fails makes the library's TPM fail: never success for what was
 * not kept.
 */
#include "services/vtpm/nv.h"

#include <libtpms/tpm_error.h>
#include <libtpms/tpm_nvfilename.h>
#include <stdlib.h>
#include <string.h>

#include "services/base/log.h"

/* The largest blob measured is 151 KiB; more is not the library's. */
#define BLOB_MAX (1u << 20)

struct blob {
	unsigned char *bytes; /* owned; NULL: nothing stored yet */
	uint32_t size;
};

static struct blob real, copy;
static struct blob *now = &real;

static void drop(struct blob *b)
{
	if (b->bytes)
		explicit_bzero(b->bytes, b->size);
	free(b->bytes);
	*b = (struct blob){ 0 };
}

static bool set(struct blob *b, const unsigned char *bytes, uint32_t size)
{
	struct blob fresh = { malloc(size), size };

	if (!fresh.bytes)
		return false;
	memcpy(fresh.bytes, bytes, size);
	drop(b);
	*b = fresh;
	return true;
}

TPM_RESULT nv_init(void)
{
	return TPM_SUCCESS;
}

TPM_RESULT nv_load(unsigned char **bytes, uint32_t *size, uint32_t tpm,
		   const char *name)
{
	if (tpm || strcmp(name, TPM_PERMANENT_ALL_NAME) != 0 || !now->bytes)
		return TPM_RETRY; /* there is no such file */
	/* TPM_Malloc would refuse what a full TPM needs. */
	*bytes = malloc(now->size);
	if (!*bytes)
		return TPM_FAIL;
	memcpy(*bytes, now->bytes, now->size);
	*size = now->size;
	return TPM_SUCCESS;
}

TPM_RESULT nv_store(const unsigned char *bytes, uint32_t size, uint32_t tpm,
		    const char *name)
{
	if (tpm || strcmp(name, TPM_PERMANENT_ALL_NAME) != 0 || !size ||
	    size > BLOB_MAX)
		return TPM_FAIL;
	return set(now, bytes, size) ? TPM_SUCCESS : TPM_FAIL;
}

TPM_RESULT nv_delete(uint32_t tpm, const char *name, TPM_BOOL must_exist)
{
	if (tpm || strcmp(name, TPM_PERMANENT_ALL_NAME) != 0 || !now->bytes)
		return must_exist ? TPM_FAIL : TPM_SUCCESS;
	drop(now);
	return TPM_SUCCESS;
}

void nv_copy_begin(void)
{
	if (!real.bytes || !set(&copy, real.bytes, real.size))
		log_die("vtpm: no copy of the TPM's memory");
	now = &copy;
}

void nv_copy_end(void)
{
	drop(&copy);
	now = &real;
}
