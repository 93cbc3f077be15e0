/* SPDX-License-Identifier: MIT */
/* Page tables, traps, GHCB, printing and exit of a test guest. */
#include "tests/guest/machine.h"

#include <stdarg.h>

#include "abi/boot/params.h"
#include "abi/snp/cpuid_page.h"
#include "abi/snp/ghcb_msr.h"
#include "abi/svsm/core.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "hw/cpu.h"
#include "hw/snp.h"
#include "lib/addr.h"
#include "lib/fmt.h"
#include "lib/str.h"
#include "tests/guest/svsm.h"

#define COM1	       0x3f8u
#define EXIT_PORT      0xf4u
#define LAUNCH_AREA    0x10000ull
#define LAUNCH_PAGE(n) (LAUNCH_AREA + (n)*4096ull)

extern const uint8_t trap_stubs[];

const struct linux_boot_params *boot_params;
struct snp_secrets *secrets;
uint64_t cbit;

static struct ghcb ghcb __attribute__((aligned(4096)));
static uint64_t pml4[512] __attribute__((aligned(4096)));
static uint64_t pdpt[512] __attribute__((aligned(4096)));
static uint64_t pd[4][512] __attribute__((aligned(4096)));
static uint64_t pt[2][512] __attribute__((aligned(4096))); /* first 4 MiB */
static struct idt_gate idt[32] __attribute__((aligned(16)));

static void paging_init(void)
{
	uint64_t i;

	for (i = 0; i < 2048; i++)
		pd[i / 512][i % 512] = i << PAGE_SHIFT_2M | cbit | PTE_P |
				       PTE_W | PTE_A | PTE_D | PTE_PS;
	for (i = 0; i < 1024; i++)
		pt[i / 512][i % 512] = i << 12 | cbit | PTE_P | PTE_W | PTE_A |
				       PTE_D;
	for (i = 0; i < 2; i++)
		pd[0][i] = (uint64_t)pt[i] | cbit | PTE_P | PTE_W;
	for (i = 0; i < 4; i++)
		pdpt[i] = (uint64_t)pd[i] | cbit | PTE_P | PTE_W;
	pml4[0] = (uint64_t)pdpt | cbit | PTE_P | PTE_W;
	hw_cr3_write((uint64_t)pml4 | cbit);
}

void page_map(uint64_t gpa, bool private_page)
{
	pt[gpa / PAGE_2M][gpa / 4096 % 512] = gpa | (private_page ? cbit : 0) |
					      PTE_P | PTE_W | PTE_A | PTE_D;
	hw_cr3_write((uint64_t)pml4 | cbit);
}

static void cbit_find(void)
{
	const struct snp_cpuid_page *page =
		(const void *)LAUNCH_PAGE(LAUNCH_CPUID);
	uint32_t i;

	for (i = 0; i < page->count && i < SNP_CPUID_MAX; i++)
		if (page->fn[i].eax_in == CPUID_LEAF_SEV)
			cbit = 1ull << (page->fn[i].ebx & CPUID_SEV_EBX_CBIT);
}

const char *machine_option(const char *word)
{
	uint64_t at = boot_params->hdr.cmd_line_ptr;

	for (const char *c = (const char *)at; c && *c; c++)
		if (str_starts_with(c, word))
			return c + strlen(word);
	return NULL;
}

uint64_t machine_gdt(void)
{
	return LAUNCH_PAGE(LAUNCH_GDT);
}

void trap_init(void)
{
	struct desc_ptr d = { sizeof(idt) - 1, (uint64_t)idt };
	unsigned int i;

	for (i = 0; i < 32; i++) {
		uint64_t at = (uint64_t)trap_stubs + 16ull * i;

		idt[i] = (struct idt_gate){
			.offset_low = (uint16_t)at,
			.selector = LINUX_BOOT_CS,
			.type = GATE_INTERRUPT,
			.offset_mid = (uint16_t)(at >> 16),
			.offset_high = (uint32_t)(at >> 32),
		};
	}
	hw_lidt(&d);
}

uint64_t ghcb_msr_call(uint64_t request)
{
	hw_wrmsr(MSR_GHCB, request);
	hw_vmgexit();
	return hw_rdmsr(MSR_GHCB);
}

bool page_state_set(uint64_t gpa, unsigned int operation)
{
	uint64_t r =
		ghcb_msr_call((uint64_t)operation << GHCB_MSR_PSC_OP_SHIFT |
			      gpa | GHCB_MSR_PSC_REQ);

	return r == GHCB_MSR_PSC_RESP;
}

/* The order of the GHCB specification: rescind, tell the host, map shared. */
static void ghcb_init(void)
{
	uint64_t gpa = (uint64_t)&ghcb;

	if (secrets->svsm_size)
		svsm_pvalidate_one(gpa);
	if (!page_state_set(gpa, PSC_OP_SHARED))
		machine_exit(60);
	page_map(gpa, false);
	memset(&ghcb, 0, sizeof(ghcb));
	if (ghcb_msr_call(gpa | GHCB_MSR_REG_GPA_REQ) !=
	    (gpa | GHCB_MSR_REG_GPA_RESP))
		machine_exit(61);
}

static void ghcb_set_valid(unsigned long bit)
{
	ghcb.valid_bitmap[bit / 8] |= (uint8_t)(1u << bit % 8);
}

bool ghcb_msr_access(uint32_t msr, bool write, uint64_t *value)
{
	memset(ghcb.valid_bitmap, 0, sizeof(ghcb.valid_bitmap));
	ghcb.protocol_version = GHCB_PROTOCOL_MAX;
	ghcb.rcx = msr;
	ghcb.rax = *value & 0xffffffff;
	ghcb.rdx = *value >> 32;
	ghcb.sw_exitcode = GHCB_NAE_MSR;
	ghcb.sw_exitinfo1 = write;
	ghcb.sw_exitinfo2 = 0;
	ghcb_set_valid(GHCB_BIT(rcx));
	ghcb_set_valid(GHCB_BIT(rax));
	ghcb_set_valid(GHCB_BIT(rdx));
	ghcb_set_valid(GHCB_BIT(sw_exitcode));
	ghcb_set_valid(GHCB_BIT(sw_exitinfo1));
	ghcb_set_valid(GHCB_BIT(sw_exitinfo2));
	hw_wrmsr(MSR_GHCB, (uint64_t)&ghcb);
	hw_vmgexit();
	if (!write)
		*value = ghcb.rdx << 32 | (ghcb.rax & 0xffffffff);
	return (uint32_t)ghcb.sw_exitinfo1 == GHCB_RESULT_OK;
}

uint32_t ghcb_event(uint64_t code, uint64_t info1, uint64_t *info2,
		    uint64_t rax)
{
	memset(ghcb.valid_bitmap, 0, sizeof(ghcb.valid_bitmap));
	ghcb.protocol_version = GHCB_PROTOCOL_MAX;
	ghcb.rax = rax;
	ghcb.sw_exitcode = code;
	ghcb.sw_exitinfo1 = info1;
	ghcb.sw_exitinfo2 = *info2;
	ghcb.sw_scratch = (uint64_t)ghcb.shared_buffer;
	ghcb_set_valid(GHCB_BIT(rax));
	ghcb_set_valid(GHCB_BIT(sw_exitcode));
	ghcb_set_valid(GHCB_BIT(sw_exitinfo1));
	ghcb_set_valid(GHCB_BIT(sw_exitinfo2));
	ghcb_set_valid(GHCB_BIT(sw_scratch));
	hw_wrmsr(MSR_GHCB, (uint64_t)&ghcb);
	hw_vmgexit();
	*info2 = ghcb.sw_exitinfo2;
	return (uint32_t)ghcb.sw_exitinfo1;
}

bool page_state_large(uint64_t gpa, unsigned int operation)
{
	struct psc_buffer *psc = (struct psc_buffer *)ghcb.shared_buffer;
	uint64_t info2 = 0;

	psc->cur_entry = psc->end_entry = 0;
	psc->reserved = 0;
	psc->entry[0] = gpa | (uint64_t)operation << PSC_OP_SHIFT | PSC_2M;
	return ghcb_event(GHCB_NAE_PSC, 0, &info2, 0) == GHCB_RESULT_OK &&
	       info2 == 0 && psc->cur_entry == 1;
}

bool page_state_swap(uint64_t gpa)
{
	struct psc_buffer *psc = (struct psc_buffer *)ghcb.shared_buffer;
	uint64_t info2 = 0;

	psc->cur_entry = 0;
	psc->end_entry = 1;
	psc->reserved = 0;
	psc->entry[0] = gpa | (uint64_t)PSC_OP_SHARED << PSC_OP_SHIFT;
	psc->entry[1] = gpa | (uint64_t)PSC_OP_PRIVATE << PSC_OP_SHIFT;
	return ghcb_event(GHCB_NAE_PSC, 0, &info2, 0) == GHCB_RESULT_OK &&
	       info2 == 0;
}

static void port_write(uint16_t port, uint8_t value)
{
	uint64_t info2 = 0;

	ghcb_event(GHCB_NAE_IOIO,
		   (uint64_t)port << IOIO_PORT_SHIFT | IOIO_SIZE_8, &info2,
		   value);
}

void print(const char *format, ...)
{
	char line[200];
	uint64_t length, info2, at, part;
	va_list args;

	va_start(args, format);
	length = fmt_vprint(line, sizeof(line), format, args);
	va_end(args);
	if (length >= sizeof(line))
		length = sizeof(line) - 1;
	/* Sixteen bytes at a time: what the UART's queue holds. */
	for (at = 0; at < length; at += part) {
		part = length - at < 16 ? length - at : 16;
		memcpy(ghcb.shared_buffer, line + at, part);
		info2 = part;
		ghcb_event(GHCB_NAE_IOIO,
			   COM1 << IOIO_PORT_SHIFT | IOIO_SIZE_8 | IOIO_STRING |
				   IOIO_REP,
			   &info2, 0);
	}
}

_Noreturn void machine_exit(int status)
{
	port_write(EXIT_PORT, (uint8_t)status);
	for (;;)
		ghcb_msr_call(GHCB_MSR_TERMINATE);
}

_Noreturn void trap_fatal(uint64_t vector, uint64_t error, uint64_t rip,
			  uint64_t cr2)
{
	print("guest: exception %llu error 0x%llx at 0x%llx cr2 0x%llx\n",
	      (unsigned long long)vector, (unsigned long long)error,
	      (unsigned long long)rip, (unsigned long long)cr2);
	machine_exit(62);
}

uint64_t meter_read(unsigned int vmpl)
{
	uint64_t r = ghcb_msr_call((uint64_t)vmpl << 32 | GHCB_MSR_METER_REQ);

	return (r & GHCB_MSR_INFO) == GHCB_MSR_METER_RESP ? r >> 12 : 0;
}

void guest_entry(const struct linux_boot_params *params)
{
	boot_params = params;
	secrets = (struct snp_secrets *)LAUNCH_PAGE(LAUNCH_SECRETS);
	cbit_find();
	paging_init();
	trap_init();
	svsm_init();
	ghcb_init();
	machine_exit(guest_main());
}
