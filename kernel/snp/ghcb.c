/* SPDX-License-Identifier: MIT */
/*
 * GHCB events. Each call writes its inputs and their valid bits, leaves, and
 * believes nothing of the answer that is not marked valid and in form.
 */
#include "kernel/snp/ghcb.h"

#include "abi/x86/event.h"
#include "abi/x86/trap.h"

/* Valid bits 64..127 lie in the second half of the bitmap. */
#define LOW_BIT(field)	(1ull << GHCB_BIT(field))
#define HIGH_BIT(field) (1ull << (GHCB_BIT(field) - 64))

#define EXIT_BITS                                         \
	(HIGH_BIT(sw_exitcode) | HIGH_BIT(sw_exitinfo1) | \
	 HIGH_BIT(sw_exitinfo2))

static volatile uint64_t *bitmap(volatile struct ghcb *g)
{
	return (volatile uint64_t *)(volatile void *)g->valid_bitmap;
}

void ghcb_page_init(struct ghcb_link link)
{
	volatile uint64_t *word =
		(volatile uint64_t *)(volatile void *)link.page;

	for (unsigned int i = 0; i < sizeof(struct ghcb) / sizeof(*word); i++)
		word[i] = 0;
	link.page->protocol_version = GHCB_PROTOCOL_MAX;
	link.page->ghcb_usage = 0;
}

static uint64_t low_bits(uint32_t registers)
{
	return registers & GHCB_RAX ? LOW_BIT(rax) : 0;
}

static uint64_t high_bits(uint32_t registers)
{
	uint64_t bits = 0;

	if (registers & GHCB_RBX)
		bits |= HIGH_BIT(rbx);
	if (registers & GHCB_RCX)
		bits |= HIGH_BIT(rcx);
	if (registers & GHCB_RDX)
		bits |= HIGH_BIT(rdx);
	if (registers & GHCB_SCRATCH)
		bits |= HIGH_BIT(sw_scratch);
	return bits;
}

static void inputs_write(struct ghcb_link link, const struct ghcb_call *call)
{
	volatile struct ghcb *g = link.page;

	g->sw_exitcode = call->code;
	g->sw_exitinfo1 = call->info1;
	g->sw_exitinfo2 = call->info2;
	if (call->in & GHCB_RAX)
		g->rax = call->rax;
	if (call->in & GHCB_RBX)
		g->rbx = call->rbx;
	if (call->in & GHCB_RCX)
		g->rcx = call->rcx;
	if (call->in & GHCB_RDX)
		g->rdx = call->rdx;
	/* Protocol 2: the buffer is always the page's own. */
	if (call->in & GHCB_SCRATCH)
		g->sw_scratch =
			link.gpa.v + offsetof(struct ghcb, shared_buffer);
	bitmap(g)[0] = low_bits(call->in);
	bitmap(g)[1] = high_bits(call->in) | EXIT_BITS;
}

/* The host may only ask for the two exceptions a refused access can have:
 * any other vector would let it drive our handlers at will. */
static enum err exception_check(struct ghcb_call *call)
{
	uint64_t event = call->info2;
	uint8_t vector = (uint8_t)(event & EVENT_VECTOR);

	if (!(event & EVENT_VALID) ||
	    (event & EVENT_TYPE) != EVENT_TYPE_EXCEPTION)
		return ERR_HOST;
	if (vector != TRAP_GP && vector != TRAP_UD)
		return ERR_HOST;
	call->vector = vector;
	return ERR_STATE;
}

static enum err outputs_read(struct ghcb_link link, struct ghcb_call *call)
{
	volatile struct ghcb *g = link.page;
	uint64_t low = bitmap(g)[0], high = bitmap(g)[1];
	uint64_t need = high_bits(call->out) | HIGH_BIT(sw_exitinfo1) |
			HIGH_BIT(sw_exitinfo2);

	if ((high & need) != need ||
	    (low & low_bits(call->out)) != low_bits(call->out))
		return ERR_HOST;
	call->info1 = g->sw_exitinfo1;
	call->info2 = g->sw_exitinfo2;
	if ((uint32_t)call->info1 == GHCB_RESULT_EXCEPTION)
		return exception_check(call);
	if ((uint32_t)call->info1 != GHCB_RESULT_OK)
		return ERR_HOST;
	if (call->out & GHCB_RAX)
		call->rax = g->rax;
	if (call->out & GHCB_RBX)
		call->rbx = g->rbx;
	if (call->out & GHCB_RCX)
		call->rcx = g->rcx;
	if (call->out & GHCB_RDX)
		call->rdx = g->rdx;
	return OK;
}

must_check enum err ghcb_exit(struct ghcb_link link, struct ghcb_call *call)
{
	inputs_write(link, call);
	hw_wrmsr(MSR_GHCB, link.gpa.v);
	hw_vmgexit();
	return outputs_read(link, call);
}

static uint64_t port_info(uint16_t port, uint32_t size)
{
	return (uint64_t)port << IOIO_PORT_SHIFT | (uint64_t)size * IOIO_SIZE_8;
}

must_check enum err ghcb_port_in(struct ghcb_link link, uint16_t port,
				 uint32_t size, uint32_t *value)
{
	struct ghcb_call call = { .code = GHCB_NAE_IOIO,
				  .info1 = port_info(port, size) | IOIO_IN,
				  .out = GHCB_RAX };
	enum err e = ghcb_exit(link, &call);

	if (e != OK)
		return e;
	/* Only the bytes that were asked for count. */
	*value = size == 4 ? (uint32_t)call.rax
			   : (uint32_t)call.rax & ((1u << 8 * size) - 1);
	return OK;
}

must_check enum err ghcb_port_out(struct ghcb_link link, uint16_t port,
				  uint32_t size, uint32_t value)
{
	struct ghcb_call call = { .code = GHCB_NAE_IOIO,
				  .info1 = port_info(port, size),
				  .rax = value,
				  .in = GHCB_RAX };

	return ghcb_exit(link, &call);
}

must_check enum err ghcb_port_write(struct ghcb_link link, uint16_t port,
				    const char *bytes, uint32_t count)
{
	struct ghcb_call call = { .code = GHCB_NAE_IOIO,
				  .info1 = port_info(port, 1) | IOIO_STRING |
					   IOIO_REP,
				  .info2 = count,
				  .in = GHCB_SCRATCH };

	if (count > GHCB_BUFFER_SIZE)
		return ERR_RANGE;
	for (uint32_t i = 0; i < count; i++)
		link.page->shared_buffer[i] = (uint8_t)bytes[i];
	return ghcb_exit(link, &call);
}

must_check enum err ghcb_msr_read(struct ghcb_link link, uint32_t msr,
				  uint64_t *value)
{
	struct ghcb_call call = { .code = GHCB_NAE_MSR,
				  .rcx = msr,
				  .in = GHCB_RCX,
				  .out = GHCB_RAX | GHCB_RDX };
	enum err e = ghcb_exit(link, &call);

	if (e == OK)
		*value = call.rdx << 32 | (uint32_t)call.rax;
	return e;
}

must_check enum err ghcb_msr_write(struct ghcb_link link, uint32_t msr,
				   uint64_t value)
{
	struct ghcb_call call = { .code = GHCB_NAE_MSR,
				  .info1 = 1,
				  .rax = (uint32_t)value,
				  .rcx = msr,
				  .rdx = value >> 32,
				  .in = GHCB_RAX | GHCB_RCX | GHCB_RDX };

	return ghcb_exit(link, &call);
}

must_check enum err ghcb_ap_create(struct ghcb_link link, uint64_t op,
				   uint32_t vmpl, uint32_t apic_id,
				   struct pa vmsa, uint64_t sev_features)
{
	struct ghcb_call call = { .code = GHCB_NAE_AP_CREATION,
				  .info1 =
					  op | (uint64_t)vmpl << AP_VMPL_SHIFT |
					  (uint64_t)apic_id << AP_APIC_ID_SHIFT,
				  .info2 = vmsa.v,
				  .rax = sev_features,
				  .in = GHCB_RAX };

	return ghcb_exit(link, &call);
}
