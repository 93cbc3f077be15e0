/* SPDX-License-Identifier: MIT */
/*
 * igvmbuild with any kernel, initrd and command line: refused with words, or a
 * plan whose parts lie apart and where the guest may have them, and a file whose
 * measured pages are the kernel's own bytes.
 */
/* test-sources: tools/igvmbuild/bzimage.c tools/igvmbuild/plan.c */
/* test-sources: tools/igvmbuild/emit.c tools/igvmbuild/vmsa.c */
/* test-sources: tools/igvmbuild/cpuid.c tools/common/image.c */
/* test-sources: tools/common/file.c lib/igvm_write.c lib/igvm_read.c */
/* test-sources: lib/igvm_body.c lib/igvm_overlap.c lib/crc32.c lib/str.c */
/* test-sources: model/vmsa.c */
#include <string.h>

#include "abi/linux/boot.h"
#include "lib/cursor.h"
#include "lib/igvm_read.h"
#include "tests/fuzz/need.h"
#include "tests/unit/tools/heard.h"
#include "tests/unit/tools/igvmbuild/sample.h"
#include "tools/igvmbuild/emit.h"

#define KERNEL_MAX (16 * PAGE_4K)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char cmdline[0x3000];

/* A file of the size that the input asks for, header and end from it. */
static struct file_bytes file_make(struct cursor *in)
{
	uint8_t flags = cursor_u8(in);
	size_t size = cursor_u16(in) % KERNEL_MAX, n;
	struct linux_setup_header h = { .header = LINUX_MAGIC,
					.version = 0x20f,
					.xloadflags = LINUX_XLF_64,
					.pref_address = 0x1000000,
					.init_size = 0x800000,
					.initrd_addr_max = 0x7fffffff,
					.cmdline_size = 2047 };
	struct file_bytes f = { malloc(size ? size : 1), size };

	need(f.bytes);
	memset(f.bytes, 0x90, size);
	/* Changes to the header, few at a time: most bytes decide nothing. */
	for (unsigned int i = 0; i < flags % 8u && cursor_left(in) >= 4; i++) {
		size_t at = cursor_u8(in) % sizeof(h);

		n = 1 + cursor_u8(in) % 4u;
		if (n <= sizeof(h) - at)
			cursor_bytes(in, (uint8_t *)&h + at, n);
	}
	if (size >= LINUX_SETUP_HEADER + sizeof(h))
		memcpy(f.bytes + LINUX_SETUP_HEADER, &h, sizeof(h));
	return f;
}

static void kernel_check(const struct file_bytes *f, const struct bzimage *k)
{
	need(k->setup == f->bytes && f->size >= PAGE_4K);
	need(k->code > f->bytes && k->code_size > LINUX_ENTRY64);
	need(k->code + k->code_size == f->bytes + f->size);
	need(k->entry == k->load + LINUX_ENTRY64);
	need(k->load && k->load % PAGE_4K == 0);
	need(k->init_size >= k->code_size && k->init_size % PAGE_4K == 0);
	need(k->load + k->init_size <= (4ull << 30));
}

static bool apart(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a + a_size <= b || b + b_size <= a;
}

/* What the kernel clears and unpacks into before it looks at anything. */
static void kernel_room_check(const struct plan *p, const struct bzimage *k)
{
	const struct params *q = &p->params;

	need(apart(k->load, k->init_size, q->svsm_base, q->svsm_max_size));
	need(apart(k->load, k->init_size, q->guest.launch_area,
		   PARAMS_LAUNCH_PAGES * PAGE_4K));
	need(apart(k->load, k->init_size, q->guest.initrd.start,
		   q->guest.initrd.size));
	need(apart(k->load, k->init_size, q->guest.cmdline.start,
		   q->guest.cmdline.size));
	need(apart(k->load, k->init_size, q->guest.acpi.start,
		   q->guest.acpi.size));
}

static void plan_check(const struct plan *p, const struct plan_input *in)
{
	const struct params *q = &p->params;
	uint64_t top = q->svsm_base + q->svsm_max_size;

	for (size_t i = 0; i < p->count; i++) {
		const struct plan_part *a = &p->parts[i];
		uint64_t start = a->at.start.v;

		need(start % PAGE_4K == 0 && a->at.size % PAGE_4K == 0);
		need(a->at.size && a->byte_count <= a->at.size);
		/* Inside of what is ours, or outside. */
		need(apart(start, a->at.size, q->svsm_base, q->svsm_max_size) ||
		     (start >= q->svsm_base && pa_range_end(a->at) <= top));
		for (size_t j = 0; j < i; j++)
			need(!pa_range_overlap(a->at, p->parts[j].at));
	}
	kernel_room_check(p, in->kernel);
	need(!in->initrd_size || q->guest.initrd.start + in->initrd_size - 1 <=
					 in->kernel->initrd_max);
	need(!in->cmdline || strlen(in->cmdline) <= in->kernel->cmdline_max);
}

/* The kernel's first page as it is measured. */
static void image_check(const struct file_bytes *image, const struct bzimage *k)
{
	static struct igvm_file f;
	struct igvm_fault fault = { 0, NULL };
	struct igvm_item item;
	struct igvm_iter it;
	uint64_t n = k->code_size < PAGE_4K ? k->code_size : PAGE_4K;
	bool found = false;

	need(igvm_open(&f, image->bytes, image->size, &fault) == OK);
	it = igvm_first(&f);
	while (igvm_next(&it, &item)) {
		if (item.type != IGVM_VHT_PAGE_DATA || item.page.gpa != k->load)
			continue;
		need(!(item.page.flags & IGVM_PAGE_UNMEASURED));
		need(item.data && !memcmp(item.data, k->code, n));
		found = true;
	}
	need(found);
}

static void build(const struct bzimage *kernel, struct cursor *in)
{
	static const uint8_t initrd[0x6000] = { 0x30, 0x37 };
	static struct plan plan;
	const struct emit_options options = { IGVM_FORMAT_VERSION_1, 0x30000,
					      1 };
	struct plan_input input = sample_linux();
	struct file_bytes image;
	size_t n = cursor_u16(in) % (sizeof(cmdline) - 1);

	input.kernel = kernel;
	input.initrd = initrd;
	input.initrd_size = cursor_u16(in) % sizeof(initrd);
	if (!input.initrd_size)
		input.initrd = NULL;
	memset(cmdline, 'x', n);
	cmdline[n] = 0;
	input.cmdline = n ? cmdline : NULL;
	if (plan_make(&input, &plan) != OK)
		return need(heard[0]);
	plan_check(&plan, &input);
	if (emit_igvm(&plan, &options, &image) != OK)
		return need(heard[0]);
	image_check(&image, kernel);
	file_free(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor in = cursor_make(data, size);
	struct file_bytes file = file_make(&in);
	struct bzimage kernel;

	heard[0] = 0;
	if (bzimage_parse("kernel", &file, &kernel) == OK) {
		kernel_check(&file, &kernel);
		build(&kernel, &in);
	} else {
		need(heard[0]);
	}
	free(file.bytes);
	return 0;
}
