/* SPDX-License-Identifier: MIT */
/* A process from its archive entry: pages first, then bytes, then the stack. */
#include <stddef.h>

#include "abi/x86/cr.h"
#include "abi/x86/paging.h"
#include "kernel/base/lock.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/task/entropy.h"
#include "kernel/task/task.h"
#include "lib/fmt.h"
#include "lib/inflate.h"
#include "lib/str.h"

#define AT_NULL	  0u
#define AT_PHDR	  3u
#define AT_PHENT  4u
#define AT_PHNUM  5u
#define AT_PAGESZ 6u
#define AT_ENTRY  9u
#define AT_RANDOM 25u

#define FPU_CONTROL  0x37fu
#define FPU_MXCSR    0x1f80u
#define FPU_MXCSR_AT 24u

/* One for all: unpacking is rare. Taken when the first service is loaded. */
static struct spinlock load_lock;
static struct inflate *space;

/* Where in the image the stream has come to. */
struct load {
	struct task *t;
	uint32_t segment;
	uint64_t done; /* bytes of that segment */
};

static enum err pages_add(struct task *t, uint64_t va, uint64_t size,
			  uint32_t rights)
{
	enum err e = OK;

	for (uint64_t at = 0; at < size && e == OK; at += PAGE_4K)
		e = space_add(&t->space, va + at, rights);
	return e;
}

static enum err segments_add(struct task *t)
{
	enum err e = OK;

	_Static_assert(ARCHIVE_WRITE == SPACE_WRITE &&
			       ARCHIVE_EXEC == SPACE_EXEC,
		       "rights are passed on");
	for (uint32_t i = 0; i < t->image->segments && e == OK; i++) {
		const struct archive_segment *s = &t->image->segment[i];

		e = pages_add(t, s->va, s->size, s->rights);
	}
	return e;
}

/* To pages of the process that are mapped, whatever their rights. */
static enum err bytes_put(struct task *t, uint64_t va, const void *from,
			  uint64_t size)
{
	const char *at = from;

	while (size) {
		uint64_t off = va % PAGE_4K;
		uint64_t n = PAGE_4K - off < size ? PAGE_4K - off : size;
		struct tmpmap map;
		struct pa page;
		enum err e = space_page(&t->space, va - off, &page);

		if (e != OK)
			return e;
		map = tmpmap_4k(page, KMAP_WRITE);
		memcpy((char *)map.va + off, at, n);
		tmpmap_drop(map);
		va += n;
		at += n;
		size -= n;
	}
	return OK;
}

/* The sink of the stream: segment after segment. */
static enum err load_sink(void *who, const uint8_t *bytes, size_t size)
{
	struct load *l = who;
	const struct archive_entry *image = l->t->image;
	enum err e = OK;

	while (size && e == OK) {
		const struct archive_segment *s = &image->segment[l->segment];
		uint64_t n;

		if (l->segment == image->segments)
			return ERR_FORMAT;
		n = s->file_size - l->done;
		if (n > size)
			n = size;
		e = bytes_put(l->t, s->va + l->done, bytes, n);
		bytes += n;
		size -= n;
		l->done += n;
		if (l->done == s->file_size) {
			l->segment++;
			l->done = 0;
		}
	}
	return e;
}

static enum err bytes_unpack(struct task *t, const void *archive)
{
	struct load l = { .t = t };
	const char *from = archive;
	uint64_t all = 0, total;
	enum err e = OK;

	for (uint32_t i = 0; i < t->image->segments; i++)
		all += t->image->segment[i].file_size;
	if (!spin_try(&load_lock))
		return ERR_BUSY;
	if (!space)
		e = heap_pages(sizeof(*space), (void **)&space);
	if (e == OK)
		e = inflate_unpack(space, from + t->image->offset,
				   t->image->packed, all, load_sink, &l,
				   &total);
	if (e == OK && total != all)
		e = ERR_FORMAT;
	spin_unlock(&load_lock);
	return e;
}

/* What a program finds on its stack, from RSP on. */
struct start {
	uint64_t argc;
	uint64_t argv[3]; /* name, restarts, none */
	uint64_t envp;	  /* none */
	uint64_t aux[14];
	uint8_t random[16];
	char name[ARCHIVE_NAME_MAX];
	char restarts[24];
};

static enum err stack_fill(struct task *t)
{
	const struct archive_entry *image = t->image;
	uint64_t sp = TASK_STACK_TOP - addr_up(sizeof(struct start), 16);
	struct start s = {
		.argc = 2,
		.argv = { sp + offsetof(struct start, name),
			  sp + offsetof(struct start, restarts) },
		.aux = { AT_PHDR, image->phdr, AT_PHENT, 56, AT_PHNUM,
			 image->phdr_count, AT_PAGESZ, PAGE_4K, AT_ENTRY,
			 image->entry, AT_RANDOM,
			 sp + offsetof(struct start, random), AT_NULL, 0 },
	};
	enum err e;

	entropy_fill(s.random, sizeof(s.random));
	memcpy(s.name, image->name, sizeof(s.name));
	fmt_print(s.restarts, sizeof(s.restarts), "restarts=%u", t->restarts);
	e = bytes_put(t, sp, &s, sizeof(s));
	bytes_wipe(&s, sizeof(s));
	t->frame.rsp = sp;
	return e;
}

static void registers_set(struct task *t)
{
	uint16_t control = FPU_CONTROL;
	uint32_t mxcsr = FPU_MXCSR;

	t->frame.rip = t->image->entry;
	t->frame.cs = GDT_USER_CS;
	t->frame.ss = GDT_USER_DS;
	t->frame.rflags = RFLAGS_ONE | RFLAGS_IF;
	memcpy(t->fpu, &control, sizeof(control));
	memcpy(t->fpu + FPU_MXCSR_AT, &mxcsr, sizeof(mxcsr));
}

static enum err task_fill(struct task *t, const void *archive)
{
	uint64_t stack = t->image->stack;
	enum err e = segments_add(t);

	if (e == OK)
		e = pages_add(t, TASK_STACK_TOP - stack, stack, SPACE_WRITE);
	if (e == OK)
		e = space_add(&t->space, TASK_PAGE, SPACE_WRITE);
	if (e == OK)
		e = space_page(&t->space, TASK_PAGE, &t->page);
	if (e == OK)
		e = bytes_unpack(t, archive);
	if (e == OK)
		e = stack_fill(t);
	return e;
}

enum err task_load(struct task *t, const void *archive,
		   const struct archive_entry *image)
{
	uint32_t restarts = t->restarts;
	enum err e;

	memset(t, 0, sizeof(*t));
	t->restarts = restarts;
	t->image = image;
	t->brk = TASK_BRK;
	t->log_burst = 64;
	registers_set(t);
	e = space_make(&t->space);
	if (e != OK)
		return e;
	e = task_fill(t, archive);
	if (e != OK)
		space_end(&t->space);
	else
		t->state = TASK_RUNS;
	return e;
}

void task_end(struct task *t)
{
	if (t->state != TASK_NONE)
		space_end(&t->space);
	/* Registers and FPU hold what the process knew. */
	bytes_wipe(&t->frame, sizeof(t->frame));
	bytes_wipe(t->fpu, sizeof(t->fpu));
	t->state = TASK_NONE;
}
