/* SPDX-License-Identifier: MIT */
/*
 * Any IGVM file, measured twice: as igvmmeasure does from the file alone, and by
 * the emulated machine's own loader and security processor, page by page as they
 * are launched. Both come to one digest, or the file is refused in words.
 */
/* test-sources: emu/load.c emu/launch.c emu/param.c emu/madt.c emu/maplie.c */
/* test-sources: emu/memmap.c emu/hosttables.c emu/acpilie.c emu/cpuid.c */
/* test-sources: model/psp.c model/cpuid.c model/rmp.c model/rmp_guest.c */
/* test-sources: lib/igvm_read.c lib/igvm_body.c lib/igvm_overlap.c */
/* test-sources: lib/igvm_digest.c lib/launch_digest.c lib/sha384.c */
/* test-sources: lib/crc32.c lib/str.c lib/bitmap.c lib/acpi.c lib/fmt.c */
/* test-sources: tests/fake/hw/fake.c tests/vectors/igvm_sheet.c */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "emu/attack/attack.h"
#include "emu/fwcfg.h"
#include "emu/guestmem.h"
#include "emu/hostfind.h"
#include "emu/load.h"
#include "emu/log.h"
#include "emu/machine.h"
#include "emu/mm.h"
#include "emu/stop.h"
#include "emu/vcpu.h"
#include "emu/vmpl.h"
#include "lib/igvm_digest.h"
#include "tests/fake/hw/fake.h"
#include "tests/fuzz/need.h"
#include "tests/vectors/igvm_sheet.h"

#define RAM	   (8 * PAGE_2M)
/* Hashing is slow here; a few pages show all there is to see. */
#define BYTES_MAX  (40 * PAGE_4K)
#define DIGEST_HEX (2 * SNP_DIGEST_SIZE)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the machine below the loader ---- */

struct machine machine;
bool attack_chosen; /* this host does as it should */
uint8_t fake_phys[FAKE_PHYS_SIZE];
uint64_t fake_pool;

static uint8_t ram[RAM];
static struct rmp_entry entries[RAM / PAGE_4K];
static jmp_buf stopped;
static char words[512];
static char digest_told[DIGEST_HEX + 1];

void stop_machine(enum stop_status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	need(status == STOP_BAD_IMAGE && words[0]);
	longjmp(stopped, 1);
}

void log_line(const char *format, ...)
{
	static const char start[] = "launch digest ";
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (!strncmp(line, start, sizeof(start) - 1))
		memcpy(digest_told, line + sizeof(start) - 1, DIGEST_HEX);
}

bool guestmem_is_ram(uint64_t gpa, uint64_t size)
{
	return gpa < RAM && size <= RAM - gpa;
}

void *guestmem_ptr(uint64_t gpa, size_t size)
{
	return guestmem_is_ram(gpa, size) ? ram + gpa : NULL;
}

enum err guestmem_add_flash(uint64_t gpa, uint64_t size)
{
	(void)gpa;
	(void)size;
	return ERR_NOMEM;
}

struct pa_range guestmem_flash(void)
{
	return (struct pa_range){ { 0 }, 0 };
}

void guestmem_converted(uint64_t gpa, uint64_t pages)
{
	need(guestmem_is_ram(gpa, pages * PAGE_4K));
}

void hostfind_tables(struct hosttables *out)
{
	memset(out, 0, sizeof(*out));
}

void fwcfg_init(void)
{
}

bool attack_asked(enum attack_point at, struct vcpu *c, uint64_t kind,
		  void *what)
{
	(void)at, (void)c, (void)kind, (void)what;
	need(false);
	return false;
}

void vmpl_install(struct vcpu *t, uint32_t vmpl, uint64_t gpa,
		  struct vmsa *vmsa)
{
	need(t == machine.vcpu[0] && vmpl == 0 && vmsa);
	(void)gpa;
}

const char *vmpl_refusal(const struct vcpu *c, uint32_t vmpl)
{
	(void)c;
	(void)vmpl;
	return NULL;
}

static void machine_make(const uint8_t *file, size_t size)
{
	static struct vcpu vcpu;

	memset(&machine, 0, sizeof(machine));
	memset(&vcpu, 0, sizeof(vcpu));
	machine.ram[0] = (struct pa_range){ { 0 }, RAM };
	machine.ram_count = 1;
	machine.ram_top = RAM;
	rmp_init(&machine.rmp, entries, RAM / PAGE_4K);
	machine.cpus = 1;
	machine.vcpu[0] = &vcpu;
	machine.igvm = file;
	machine.igvm_size = size;
	fake_pool = FAKE_POOL;
	memset(digest_told, 0, sizeof(digest_told));
	words[0] = 0;
}

/* True: the guest would start. */
static bool launch(void)
{
	if (setjmp(stopped))
		return false;
	load_guest();
	return true;
}

/* ---- the same from the file alone ---- */

static bool id_block_fits(const struct igvm_file *f, uint32_t mask,
			  const struct launch_digest *d)
{
	struct igvm_iter it = igvm_first(f);
	struct igvm_item item;

	while (igvm_next(&it, &item))
		if (item.type == IGVM_VHT_SNP_ID_BLOCK && item.mask & mask &&
		    memcmp(item.id_block.ld, d->ld, SNP_DIGEST_SIZE))
			return false;
	return true;
}

static void compare(const struct igvm_file *f, bool started)
{
	static const struct igvm_digest_rules rules;
	struct igvm_fault fault = { 0, NULL };
	char hex[DIGEST_HEX + 1];
	struct launch_digest d;
	uint32_t mask;
	enum err e;

	launch_digest_init(&d, &launch_digest_sha384);
	e = igvm_digest(f, &rules, NULL, &d, &fault);
	/* What cannot be measured must not be launched. */
	if (e != OK) {
		need(fault.text && !started && !digest_told[0]);
		return;
	}
	if (!digest_told[0]) {
		need(!started);
		return;
	}
	sheet_hex(d.ld, hex);
	need(!strcmp(hex, digest_told));
	need(igvm_platform_mask(f, IGVM_PLATFORM_SEV_SNP, &mask) == OK);
	need(!started || id_block_fits(f, mask, &d));
}

static bool small(const struct igvm_file *f)
{
	for (uint32_t i = 0; i < f->platform_count; i++)
		if (f->loaded_bytes[i] > BYTES_MAX)
			return false;
	return true;
}

static void check(const uint8_t *file, size_t size)
{
	static struct igvm_file f;
	struct igvm_fault fault = { 0, NULL };
	bool readable = igvm_open(&f, file, size, &fault) == OK;
	bool started;

	if (readable && !small(&f))
		return;
	machine_make(file, size);
	started = launch();
	need(started || words[0]);
	need(readable || !started);
	if (readable)
		compare(&f, started);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t total = (uint32_t)size;
	uint8_t *copy = malloc(size ? size : 1);

	need(copy);
	memcpy(copy, data, size);
	/* Made right first, or nothing would get past them. */
	if (size >= 0x20) {
		memcpy(copy + 0x10, &total, 4);
		sheet_fix_checksum(copy, size);
	}
	check(copy, size);
	free(copy);
	return 0;
}
