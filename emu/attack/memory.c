/* SPDX-License-Identifier: MIT */
/* Frames that change places, sizes that do not fit, pages taken away. */
#include "abi/boot/launch.h"
#include "abi/snp/ghcb_msr.h"
#include "emu/attack/scenario.h"
#include "emu/guestmem.h"
#include "emu/npt.h"
#include "emu/shootdown.h"
#include "lib/insn/insn.h"

/* Of the test guest (tests/guest/attacked): its 2 MiB page, and one of the host's
 * that it never touches. */
#define LARGE	   0x12000000ull
#define HOST_FRAME 0x18000000ull
#define FOREIGN	   0x5e

enum target {
	TARGET_TEXT,
	TARGET_STACK,
	TARGET_ROOT,
	TARGET_RECORD, /* of this CPU: kernel/base/percpu.h */
	TARGET_IDT,
	TARGET_IST,
	TARGET_HEAP,
	TARGET_PVALID,
	TARGET_LIST, /* the SVSM's copies of the guest's lists */
	TARGET_SAVE_AREA,
	TARGET_CALLING_AREA,
	TARGET_GHCB,
};

static uint64_t cpu_page(const struct vcpu *c, uint64_t page)
{
	return CPU_AREAS_VA + (uint64_t)c->index * CPU_AREA_SIZE +
	       page * PAGE_4K;
}

static uint64_t target_va(const struct vcpu *c, enum target t)
{
	switch (t) {
	case TARGET_TEXT:
		return c->vmcb->save.rip;
	case TARGET_STACK:
		return c->gpr[RSP];
	case TARGET_RECORD:
		return cpu_page(c, CPU_PAGE_SELF);
	case TARGET_IDT:
		return c->vmcb->save.idtr.base;
	case TARGET_IST:
		return cpu_page(c, CPU_PAGE_IST_VC);
	case TARGET_HEAP:
		return HEAP_VA;
	case TARGET_PVALID:
		return PVALID_BITS_VA;
	case TARGET_LIST:
		return cpu_page(c, CPU_PAGE_SPARE + 4);
	case TARGET_SAVE_AREA:
		return cpu_page(c, CPU_PAGE_VMSA);
	case TARGET_CALLING_AREA:
		return cpu_page(c, CPU_PAGE_CAA);
	default:
		return cpu_page(c, CPU_PAGE_GHCB);
	}
}

static uint64_t target_page(struct vcpu *c, enum target t)
{
	if (t == TARGET_ROOT)
		return addr_down(c->vmcb->save.cr3 & ~CBIT, PAGE_4K);
	return attack_page(c, target_va(c, t));
}

/* The tables follow the RMP, on every processor. */
static void follow(struct vcpu *c, uint64_t page, uint64_t count)
{
	npt_update(page, count);
	shootdown(c);
}

static bool to_host(uint64_t page)
{
	if (!rmp_is_private(&machine.rmp, page))
		return false;
	guestmem_converted(page, 1);
	return rmp_psc_shared(&machine.rmp, page, RMP_PG_SIZE_4K) ==
	       RMPUPDATE_OK;
}

/* RMPUPDATE: the page is the host's from now on. */
static enum attack_deed take(const struct attack_event *e)
{
	uint64_t page = target_page(e->c, (enum target)e->arg);

	if (!guestmem_is_ram(page, PAGE_4K) || !to_host(page))
		return ATTACK_NOT;
	follow(e->c, page, 1);
	return ATTACK_DONE;
}

/* And given again: the guest's, but not validated, with the host's content. */
static enum attack_deed renew(const struct attack_event *e)
{
	uint64_t page = target_page(e->c, (enum target)e->arg);

	if (!guestmem_is_ram(page, PAGE_4K) || !to_host(page) ||
	    rmp_psc_private(&machine.rmp, rmp_same(page), RMP_PG_SIZE_4K) !=
		    RMPUPDATE_OK)
		return ATTACK_NOT;
	guestmem_converted(page, 1);
	attack_fill(page, FOREIGN);
	follow(e->c, page, 1);
	return ATTACK_DONE;
}

/* The GHCB, which has to be shared, becomes private. */
static enum attack_deed ghcb_private(const struct attack_event *e)
{
	uint64_t page = target_page(e->c, TARGET_GHCB);

	if (!guestmem_is_ram(page, PAGE_4K) ||
	    rmp_psc_private(&machine.rmp, rmp_same(page), RMP_PG_SIZE_4K) !=
		    RMPUPDATE_OK)
		return ATTACK_NOT;
	guestmem_converted(page, 1);
	follow(e->c, page, 1);
	return ATTACK_DONE;
}

/* ---- frames ---- */

static void frames_follow(struct vcpu *c, uint64_t a, uint64_t b)
{
	npt_update(a, 1);
	npt_update(b, 1);
	shootdown(c);
}

static bool swap(struct vcpu *c, uint64_t page, uint64_t other)
{
	if (!page || !guestmem_swap(page, other))
		return false;
	frames_follow(c, page, other);
	return true;
}

/* Two pages of the guest change places. */
static enum attack_deed frames_swap(const struct attack_event *e)
{
	uint64_t page = attack_marked();

	return swap(e->c, page, page + PAGE_4K) ? ATTACK_DONE : ATTACK_NOT;
}

/* Each at the first fault that they cause is put right again. */
static enum attack_deed frames_back(const struct attack_event *e)
{
	uint64_t page = addr_down(*(const uint64_t *)e->what, PAGE_4K);
	uint64_t other = addr_down(guestmem_frame(page), PAGE_4K);

	if (!guestmem_unswap(page))
		return ATTACK_NOT;
	frames_follow(e->c, page, other);
	return ATTACK_INSTEAD;
}

/* A frame of the host's lies behind the guest's page: assigned at that address,
 * with content of the host's choice, but not validated. */
static bool foreign_frame(struct vcpu *c, uint64_t page)
{
	struct rmp_at at = { page, HOST_FRAME };

	attack_fill(HOST_FRAME, FOREIGN);
	if (rmp_assign(&machine.rmp, at, RMP_PG_SIZE_4K) != RMPUPDATE_OK)
		return false;
	return swap(c, page, HOST_FRAME);
}

static enum attack_deed frame_new(const struct attack_event *e)
{
	return foreign_frame(e->c, attack_marked()) ? ATTACK_DONE : ATTACK_NOT;
}

/*
 * While a call of the guest's runs, its page lies in a new frame; before the
 * guest runs again, in the old one. Had the SVSM validated it, the guest would
 * own two pages at one address, and the host could choose.
 */
static enum attack_deed frame_new_briefly(const struct attack_event *e)
{
	uint64_t page = attack_marked();

	if (e->c->vmpl)
		return ATTACK_NOT;
	return foreign_frame(e->c, page) ? ATTACK_DONE : ATTACK_NOT;
}

static enum attack_deed frame_old(const struct attack_event *e)
{
	uint64_t page = attack_marked();

	if (!guestmem_unswap(page))
		return ATTACK_NOT;
	frames_follow(e->c, page, HOST_FRAME);
	return ATTACK_DONE;
}

/* The SVSM's own page, mapped where the guest's data was: its content must not
 * become readable. */
static enum attack_deed frame_of_svsm(const struct attack_event *e)
{
	return swap(e->c, attack_marked(), SVSM_BASE + PAGE_4K) ? ATTACK_DONE
								: ATTACK_NOT;
}

/* Two of the SVSM's pages change places: code and a page of data. */
static enum attack_deed frames_own(const struct attack_event *e)
{
	return swap(e->c, target_page(e->c, TARGET_TEXT),
		    target_page(e->c, TARGET_LIST))
		       ? ATTACK_DONE
		       : ATTACK_NOT;
}

/* ---- contents ---- */

/* Whatever VMPL0 is about to accept has content of the host's choice. */
static enum attack_deed content(const struct attack_event *e)
{
	uint64_t page = attack_page(e->c, e->c->gpr[RAX]);
	uint64_t pages = e->c->gpr[RCX] & 1 ? 512 : 1;
	const struct rmp_entry *r = rmp_look(&machine.rmp, page);

	if (!(e->c->gpr[RDX] & 1) || !r || (r->bits & RMP_VALIDATED))
		return ATTACK_NOT;
	for (uint64_t i = 0; i < pages; i++)
		attack_fill(page + i * PAGE_4K, FOREIGN);
	return ATTACK_DONE;
}

/* The page is validated before its time, by nobody's instruction: as if the host
 * had found the frame of an earlier validation. */
static enum attack_deed valid_before(const struct attack_event *e)
{
	uint64_t page = attack_page(e->c, e->c->gpr[RAX]);
	struct rmp_entry *r = (struct rmp_entry *)rmp_look(&machine.rmp, page);

	if (!(e->c->gpr[RDX] & 1) || !r || (r->bits & RMP_VALIDATED))
		return ATTACK_NOT;
	r->bits |= RMP_VALIDATED;
	attack_fill(page, FOREIGN);
	return ATTACK_DONE;
}

/* ---- sizes ---- */

static enum attack_deed smash(const struct attack_event *e)
{
	if (rmp_psmash(&machine.rmp, LARGE) != RMPUPDATE_OK)
		return ATTACK_NOT;
	follow(e->c, LARGE, 512);
	return ATTACK_DONE;
}

static enum attack_deed small_tables(const struct attack_event *e)
{
	const struct rmp_entry *r = rmp_look(&machine.rmp, LARGE);

	if (!r || !(r->bits & RMP_2M))
		return ATTACK_NOT;
	for (uint64_t i = 0; i < 512; i++)
		guestmem_flags_set(LARGE + i * PAGE_4K, PAGE_SMALL, 0);
	follow(e->c, LARGE, 512);
	return ATTACK_DONE;
}

/* Found out by the guest's access: the host breaks the entry up after all. */
static enum attack_deed smash_late(const struct attack_event *e)
{
	if (addr_down(*(const uint64_t *)e->what, PAGE_2M) != LARGE ||
	    rmp_psmash(&machine.rmp, LARGE) != RMPUPDATE_OK)
		return ATTACK_NOT;
	follow(e->c, LARGE, 512);
	return ATTACK_INSTEAD;
}

/* The firmware makes one entry of 512; a small request then needs a PSMASH. */
static enum attack_deed unsmash(const struct attack_event *e)
{
	if (rmp_unsmash(&machine.rmp, LARGE) != RMPUPDATE_OK)
		return ATTACK_NOT;
	follow(e->c, LARGE, 512);
	return ATTACK_DONE;
}

static enum attack_deed never_smash(const struct attack_event *e)
{
	(void)e;
	machine.rmp.host_smashes = false;
	return ATTACK_DONE;
}

#define MARKED(n, deed_)                                                \
	{                                                               \
		.at = ATTACK_MARK, .levels = ATTACK_VMPL2, .kind = (n), \
		.times = 1, .deed = (deed_)                             \
	}
#define FAULT(deed_, times_)                                           \
	{                                                              \
		.at = ATTACK_VIOLATION, .levels = ATTACK_BOTH,         \
		.kind = ATTACK_ANY, .times = (times_), .deed = (deed_) \
	}
#define INSN(class_, mark_, times_, deed_)                                  \
	{                                                                   \
		.at = ATTACK_INSN, .levels = ATTACK_VMPL0, .mark = (mark_), \
		.kind = (class_), .times = (times_), .deed = (deed_)        \
	}
/* A call is served; VMPL0 is about to have the guest run again. */
#define SERVED(mark_, deed_, arg_)                                          \
	{                                                                   \
		.at = ATTACK_MSR, .levels = ATTACK_VMPL0, .mark = (mark_),  \
		.kind = GHCB_MSR_RUN_VMPL_REQ, .times = 1, .deed = (deed_), \
		.arg = (arg_)                                               \
	}

static const struct attack_scenario list[] = {
	{ "frame-swap", { MARKED(1, frames_swap) } },
	{ "frame-swap-back",
	  { MARKED(1, frames_swap), FAULT(frames_back, 1) } },
	{ "frame-new", { MARKED(1, frame_new) } },
	{ "frame-svsm", { MARKED(1, frame_of_svsm) } },
	{ "frame-own", { SERVED(1, frames_own, 0) } },
	{ "frame-own-back",
	  { SERVED(1, frames_own, 0), FAULT(frames_back, 1) } },
	{ "frame-twice",
	  { { .at = ATTACK_AFTER,
	      .levels = ATTACK_VMPL0,
	      .mark = 2,
	      .kind = ATTACK_ANY,
	      .times = 1,
	      .deed = frame_new_briefly },
	    SERVED(2, frame_old, 0) } },
	{ "content", { INSN(INSN_PVALIDATE, 0, 0, content) } },
	{ "valid-before-svsm", { INSN(INSN_PVALIDATE, 1, 1, valid_before) } },
	{ "valid-before-guest", { INSN(INSN_PVALIDATE, 2, 1, valid_before) } },
	{ "valid-before-boot", { INSN(INSN_PVALIDATE, 0, 1, valid_before) } },
	{ "size-smash", { MARKED(1, smash) } },
	{ "size-tables", { MARKED(1, small_tables) } },
	{ "size-tables-late",
	  { MARKED(1, small_tables), FAULT(smash_late, 1) } },
	{ "size-unsmash", { MARKED(1, smash), MARKED(3, unsmash) } },
	{ "size-never-smash", { MARKED(1, never_smash) } },
	{ "take-text", { SERVED(1, take, TARGET_TEXT) } },
	{ "take-stack", { SERVED(1, take, TARGET_STACK) } },
	{ "take-tables", { SERVED(1, take, TARGET_ROOT) } },
	{ "take-record", { SERVED(1, take, TARGET_RECORD) } },
	{ "take-idt", { SERVED(1, take, TARGET_IDT) } },
	{ "take-ist", { SERVED(1, take, TARGET_IST) } },
	{ "take-heap", { SERVED(1, take, TARGET_HEAP) } },
	{ "take-pvalid", { SERVED(1, take, TARGET_PVALID) } },
	{ "take-list", { SERVED(1, take, TARGET_LIST) } },
	{ "take-save-area", { SERVED(1, take, TARGET_SAVE_AREA) } },
	{ "take-calling-area", { SERVED(1, take, TARGET_CALLING_AREA) } },
	{ "renew-text", { SERVED(1, renew, TARGET_TEXT) } },
	{ "renew-stack", { SERVED(1, renew, TARGET_STACK) } },
	{ "renew-tables", { SERVED(1, renew, TARGET_ROOT) } },
	{ "renew-record", { SERVED(1, renew, TARGET_RECORD) } },
	{ "renew-idt", { SERVED(1, renew, TARGET_IDT) } },
	{ "renew-ist", { SERVED(1, renew, TARGET_IST) } },
	{ "renew-heap", { SERVED(1, renew, TARGET_HEAP) } },
	{ "renew-pvalid", { SERVED(1, renew, TARGET_PVALID) } },
	{ "renew-list", { SERVED(1, renew, TARGET_LIST) } },
	{ "renew-save-area", { SERVED(1, renew, TARGET_SAVE_AREA) } },
	{ "renew-calling-area", { SERVED(1, renew, TARGET_CALLING_AREA) } },
	{ "ghcb-private", { SERVED(1, ghcb_private, 0) } },
};

const struct attack_family attack_memory = { list,
					     sizeof(list) / sizeof(list[0]) };
