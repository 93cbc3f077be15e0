/* SPDX-License-Identifier: MIT */
/*
 * The host's ways in beside the GHCB page: any answer of the MSR protocol, and
 * #VC raised at any place with any code. What is believed is what a second
 * reading of the rules says; a frame changes only where a CPUID stands.
 */
/* test-sources: kernel/snp/ghcb_msr.c kernel/snp/vc.c kernel/cpu/features.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include <setjmp.h>
#include <string.h>
#include <sys/mman.h>

#include "abi/snp/ghcb.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/trap.h"
#include "kernel/snp/ghcb_msr.h"
#include "kernel/snp/vc.h"
#include "lib/cursor.h"
#include "tests/fuzz/need.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cursor script;
static uint64_t asked, told[2];
static uint32_t exits;
static jmp_buf ended;
static uint8_t *code; /* a page of it, and nothing behind */

/* Near to what is right, or anything. */
static uint64_t any_answer(uint64_t request)
{
	static const uint64_t near[] = {
		0x0002000133000001,
		0x0002000233000001,
		0x0001000133000001,
		0x0003000133000001,
		0x23081,
		0x81,
		0x15,
		0x17,
		0x13,
	};
	uint8_t how = cursor_u8(&script);
	uint64_t v = cursor_u64(&script);

	if (how < 64)
		return v;
	if (how < 96)
		return request ^ 1ull << v % 64;
	/* The code of the answer follows the question's. */
	if (how < 128)
		return request + 1;
	if (how < 160)
		return (request + 1) ^ 1ull << v % 64;
	return near[how % (sizeof(near) / sizeof(*near))];
}

static void host(void)
{
	asked = fake_msr_read(MSR_GHCB);
	if ((asked & 0xfff) == 0x100) {
		/* Resumed once against all rules: it must ask again. */
		if (exits++ < 8 && cursor_u8(&script) & 1)
			return;
		longjmp(ended, 1);
	}
	need(exits < 2);
	told[exits] = any_answer(asked);
	fake_msr_write(MSR_GHCB, told[exits]);
	exits++;
}

static void negotiation(uint64_t needed)
{
	uint16_t max, min;
	uint64_t got;
	bool info_ok, all_ok;

	if (setjmp(ended)) {
		max = (uint16_t)(told[0] >> 48);
		min = (uint16_t)(told[0] >> 32);
		info_ok = (told[0] & 0xfff) == 1 && max >= 2 && min <= 2;
		all_ok = info_ok && (told[1] & 0xfff) == 0x81 &&
			 !(needed & ~(told[1] >> 12));
		need(!all_ok);
		need(asked == (info_ok ? 0x20100 : 0x10100));
		return;
	}
	got = ghcb_msr_negotiate(needed);
	max = (uint16_t)(told[0] >> 48);
	min = (uint16_t)(told[0] >> 32);
	need((told[0] & 0xfff) == 1 && max >= 2 && min <= 2);
	need((told[1] & 0xfff) == 0x81 && got == told[1] >> 12);
	need(!(needed & ~got));
}

static void page(uint64_t gpa, bool registers)
{
	struct pa pa = { gpa };
	enum err e = registers ? ghcb_msr_register(pa)
			       : ghcb_msr_page_state(pa, GHCB_PAGE_SHARED);
	uint64_t answer = registers ? gpa | 0x13 : 0x15;

	if (gpa % PAGE_4K || gpa >> 52) {
		need(e == ERR_ALIGN && !exits);
		return;
	}
	need(asked == (registers ? gpa | 0x12 : 2ull << 52 | gpa | 0x14));
	need(e == (told[0] == answer ? OK : ERR_HOST));
}

static void cpuid(uint32_t leaf, uint32_t reg)
{
	uint32_t out = 0x5a5a5a5a;
	enum err e = ghcb_msr_cpuid(leaf, reg, &out);

	need(asked == ((uint64_t)leaf << 32 | (reg & 3) << 30 | 4));
	need((e == OK) == ((uint32_t)told[0] == ((reg & 3) << 30 | 5)));
	need(e == OK || e == ERR_HOST);
	need(out == (e == OK ? (uint32_t)(told[0] >> 32) : 0x5a5a5a5a));
}

static void run(uint32_t vmpl)
{
	enum err e = ghcb_msr_run_vmpl(vmpl);

	need(asked == ((uint64_t)vmpl << 32 | 0x16));
	need(e == (told[0] == 0x17 ? OK : ERR_HOST));
}

/* ---- #VC ---- */

static struct snp_cpuid_page *table;

static void table_make(void)
{
	static struct snp_cpuid_page page;

	table = &page;
	memset(table, 0, sizeof(*table));
	/* More than there is room for, too: nothing beyond may be read. */
	table->count = cursor_u8(&script) & 0x80 ? cursor_u32(&script)
						 : cursor_u8(&script) % 65;
	for (uint32_t i = 0; i < SNP_CPUID_MAX && cursor_left(&script); i++) {
		static const uint32_t leaves[] = { 0,	      1,   7,
						   0xb,	      0xd, 0x80000008,
						   0x8000001d };
		struct snp_cpuid_fn *fn = &table->fn[i];

		fn->eax_in = leaves[cursor_u8(&script) % 7];
		fn->ecx_in = cursor_u8(&script) % 3;
		fn->eax = cursor_u16(&script);
		fn->ebx = ~fn->eax;
		fn->ecx = fn->eax * 3;
		fn->edx = i;
	}
	features_init(table);
}

/* Leaf by leaf: which depend on ECX, AMD 56860 and Linux agree on these. */
static bool by_ecx(uint32_t leaf)
{
	return leaf == 7 || leaf == 0xb || leaf == 0xd || leaf == 0x8000001d;
}

static const struct snp_cpuid_fn *expected(uint32_t leaf, uint32_t sub)
{
	static const struct snp_cpuid_fn none;

	for (uint32_t i = 0; i < table->count && i < SNP_CPUID_MAX; i++)
		if (table->fn[i].eax_in == leaf &&
		    (!by_ecx(leaf) || table->fn[i].ecx_in == sub))
			return &table->fn[i];
	return &none;
}

static void trap(void)
{
	static const uint8_t bytes[] = { 0x0f, 0xa2, 0x0f, 0x90, 0xa2, 0x0f };
	struct trap_frame f = { 0 }, before;
	uint32_t at = PAGE_4K - 1 - cursor_u8(&script) % 8;
	const struct snp_cpuid_fn *fn;
	bool stands, done;

	memset(code, 0x90, PAGE_4K);
	for (uint32_t i = at; i < PAGE_4K; i++)
		code[i] = bytes[cursor_u8(&script) % sizeof(bytes)];
	/* Code goes on: no page of the kernel's ends within an instruction. */
	if (code[PAGE_4K - 1] == 0x0f)
		code[PAGE_4K - 1] = 0x90;
	f.vector = cursor_u8(&script) & 7 ? 29 : cursor_u8(&script);
	f.error = cursor_u8(&script) & 7 ? 0x72 : cursor_u64(&script);
	f.rip = (uint64_t)code + at;
	f.rax = cursor_u8(&script) & 3 ? cursor_u8(&script)
				       : cursor_u64(&script);
	f.rcx = cursor_u8(&script) % 3 | (uint64_t)cursor_u8(&script) << 32;
	f.rbx = f.rdx = f.rsp = ~0ull;
	before = f;
	stands = at + 1 < PAGE_4K && code[at] == 0x0f && code[at + 1] == 0xa2;
	done = vc_trap(&f);
	need(done == (stands && f.vector == 29 && before.error == 0x72));
	if (done) {
		fn = expected((uint32_t)before.rax, (uint32_t)before.rcx);
		need(f.rax == fn->eax && f.rbx == fn->ebx);
		need(f.rcx == fn->ecx && f.rdx == fn->edx);
		need(f.rip == before.rip + 2);
		before.rax = f.rax;
		before.rbx = f.rbx;
		before.rcx = f.rcx;
		before.rdx = f.rdx;
		before.rip = f.rip;
	}
	need(!memcmp(&f, &before, sizeof(f)));
}

static void code_make(void)
{
	if (code)
		return;
	code = mmap(NULL, 2 * PAGE_4K, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(code != MAP_FAILED);
	need(!mprotect(code + PAGE_4K, PAGE_4K, PROT_NONE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t what;
	uint64_t arg;

	code_make();
	memset(&fake, 0, sizeof(fake));
	fake.vmgexit = host;
	script = cursor_make(data, size);
	what = cursor_u8(&script);
	exits = 0;
	told[0] = told[1] = 0;
	if (what & 0x80) {
		table_make();
		trap();
		return 0;
	}
	arg = cursor_u64(&script);
	if (what % 5 == 0)
		negotiation(arg & 0x3f);
	else if (what % 5 == 1)
		page(what & 8 ? arg : arg & 0xffffffffff000, what & 16);
	else if (what % 5 == 2)
		cpuid((uint32_t)arg, what >> 3 & 7);
	else if (what % 5 == 3)
		run((uint32_t)arg % 4);
	else if (!setjmp(ended))
		ghcb_msr_terminate((uint32_t)arg, (uint32_t)(arg >> 32));
	else
		need((asked & ~0xfff000ull) == 0x100);
	return 0;
}
