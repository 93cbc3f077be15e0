/* SPDX-License-Identifier: MIT */
/* Failure mode needs no library and keeps no state: nothing here can fail. */
#include "services/vtpm/failure.h"

#include "abi/sys.h"
#include "services/vtpm/wire.h"

#define TPM_CAP_TPM_PROPERTIES 6u

/* What a healthy TPM of the library says, too; tests/tpm/service.c compares. */
static const struct property {
	uint32_t number, value;
} properties[] = {
	{ 0x105, 0x49424d00 }, /* TPM_PT_MANUFACTURER: "IBM" */
	{ 0x106, 0x53572020 }, /* TPM_PT_VENDOR_STRING_1: "SW  " */
	{ 0x107, 0x2054504d }, /* TPM_PT_VENDOR_STRING_2: " TPM" */
	{ 0x108, 0 },	       /* TPM_PT_VENDOR_STRING_3 */
	{ 0x109, 0 },	       /* TPM_PT_VENDOR_STRING_4 */
	{ 0x10a, 1 },	       /* TPM_PT_VENDOR_TPM_TYPE */
};

static void put_test_result(struct cursor_out *out)
{
	wire_put16(out, 0); /* no data of the manufacturer's */
	wire_put32(out, TPM_RC_FAILURE);
}

/* One property, the first from `wanted` on; none when there is no more. */
static void put_property(struct cursor_out *out, uint32_t wanted)
{
	size_t count = sizeof(properties) / sizeof(properties[0]), i = 0;

	while (i < count && properties[i].number < wanted)
		i++;
	cursor_out_u8(out, i + 1 < count); /* more data */
	wire_put32(out, TPM_CAP_TPM_PROPERTIES);
	wire_put32(out, i < count);
	if (i == count)
		return;
	wire_put32(out, properties[i].number);
	wire_put32(out, properties[i].value);
}

struct header {
	uint32_t tag, size, code;
};

static struct header get_header(struct cursor *in)
{
	struct header h;

	h.tag = wire_get16(in);
	h.size = wire_get32(in);
	h.code = wire_get32(in);
	return h;
}

uint32_t failure_command(uint8_t *page, uint32_t size)
{
	struct cursor in = cursor_make(page, size);
	struct header h = get_header(&in);
	bool exact = !in.failed && h.size == size &&
		     h.tag == TPM_ST_NO_SESSIONS;
	uint32_t capability = wire_get32(&in), property = wire_get32(&in);
	bool tested = exact && h.code == TPM_CC_GetTestResult &&
		      size == TPM_HEADER_SIZE;
	bool asked = exact && h.code == TPM_CC_GetCapability &&
		     size == TPM_HEADER_SIZE + 12 &&
		     capability == TPM_CAP_TPM_PROPERTIES;
	/* All of the request has been read; the response takes its place. */
	struct cursor_out out = cursor_out_make(page, SYS_MESSAGE_MAX);

	wire_begin(&out, TPM_ST_NO_SESSIONS,
		   tested || asked ? TPM_RC_SUCCESS : TPM_RC_FAILURE);
	if (tested)
		put_test_result(&out);
	if (asked)
		put_property(&out, property);
	return wire_end(&out);
}
