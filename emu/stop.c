/* SPDX-License-Identifier: MIT */
/* Last words, then the exit port. */
#include "emu/stop.h"

#include <stdarg.h>

#include "emu/attack/attack.h"
#include "emu/guestmem.h"
#include "emu/log.h"
#include "emu/pcid.h"
#include "hw/cpu.h"
#include "hw/io.h"
#include "lib/fmt.h"

#define EXIT_PORT   0xf4
#define WORDS	    400u
#define CODE_BYTES  15u
#define STACK_WORDS 8u

void stop_quietly(uint8_t status)
{
	attack_report();
	hw_outb(EXIT_PORT, status);
	for (;;)
		hw_hlt();
}

void stop_machine(enum stop_status status, const char *format, ...)
{
	char words[WORDS];
	va_list args;

	va_start(args, format);
	fmt_vprint(words, sizeof(words), format, args);
	va_end(args);
	log_line("%s", words);
	stop_quietly((uint8_t)status);
}

static unsigned long ul(uint64_t v)
{
	return v;
}

static void show_registers(const struct vcpu *c)
{
	static const char name[16][4] = { "RAX", "RCX", "RDX", "RBX",
					  "RSP", "RBP", "RSI", "RDI",
					  "R8",	 "R9",	"R10", "R11",
					  "R12", "R13", "R14", "R15" };
	const struct vmcb_save *s = &c->vmcb->save;

	for (unsigned i = 0; i < 16; i += 4)
		log_line("  %s %016lx  %s %016lx  %s %016lx  %s %016lx",
			 name[i], ul(c->gpr[i]), name[i + 1], ul(c->gpr[i + 1]),
			 name[i + 2], ul(c->gpr[i + 2]), name[i + 3],
			 ul(c->gpr[i + 3]));
	log_line("  CR0 %lx CR2 %lx CR3 %lx CR4 %lx EFER %lx RFLAGS %lx",
		 ul(s->cr0), ul(s->cr2), ul(s->cr3), ul(pcid_cr4(c)),
		 ul(s->efer), ul(s->rflags));
	log_line("  CS %x attr %x base %lx, SS %x attr %x, IDT %lx+%x, "
		 "GDT %lx+%x",
		 s->cs.selector, s->cs.attr, ul(s->cs.base), s->ss.selector,
		 s->ss.attr, ul(s->idtr.base), s->idtr.limit, ul(s->gdtr.base),
		 s->gdtr.limit);
	log_line("  exit %lx info %lx %lx event %lx, GHCB MSR %lx, exits %lu, "
		 "instructions %lu",
		 ul(c->vmcb->exit_code), ul(c->vmcb->exit_info1),
		 ul(c->vmcb->exit_info2), ul(c->vmcb->exit_int_info),
		 ul(c->level[c->vmpl].ghcb_msr), ul(c->exits),
		 ul(c->instructions[c->vmpl]));
}

static void show_memory(struct vcpu *c)
{
	uint8_t code[CODE_BYTES];
	char text[3 * CODE_BYTES + 1] = "";
	uint64_t word;
	size_t n = guestmem_fetch(c, code, sizeof(code));

	for (size_t i = 0; i < n; i++)
		fmt_print(text + 3 * i, sizeof(text) - 3 * i, "%02x ", code[i]);
	log_line("  code: %s", text);
	for (unsigned i = 0; i < STACK_WORDS; i++) {
		if (guestmem_read(c, c->gpr[RSP] + 8 * i, &word, sizeof(word),
				  NULL) != GUESTMEM_OK)
			break;
		log_line("  stack +%02x: %016lx", 8 * i, ul(word));
	}
}

void stop_guest(struct vcpu *c, enum stop_status status, const char *format,
		...)
{
	char words[WORDS];
	va_list args;

	va_start(args, format);
	fmt_vprint(words, sizeof(words), format, args);
	va_end(args);
	log_line("%s", words);
	log_line("vCPU %u, VMPL%u, RIP %016lx, CPL %u", c->index, c->vmpl,
		 ul(c->vmcb->save.rip), c->vmcb->save.ss.attr >> 5 & 3u);
	show_registers(c);
	show_memory(c);
	stop_quietly((uint8_t)status);
}
