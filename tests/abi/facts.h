/* SPDX-License-Identifier: MIT */
/*
 * A fact is a number that Linux and abi/ both state: FACT(theirs, ours). Lists
 * of them (*.inc) are compiled twice, once with each side's headers alone,
 * since some names are the same; the includer defines FACT to take its half.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fact {
	int line; /* in the list */
	uint64_t value;
};

#define THEIRS(theirs, ours) { __LINE__, (uint64_t)(theirs) },
#define OURS(theirs, ours)   { __LINE__, (uint64_t)(ours) },

#define SAME(name) FACT(name, name)
#define AT(them, their_field, us, our_field) \
	FACT(offsetof(struct them, their_field), offsetof(struct us, our_field))

/* uapi.inc */
#define HDR(x)	    AT(setup_header, x, linux_setup_header, x)
#define BP(x)	    AT(boot_params, x, linux_boot_params, x)
#define FLAG(x)	    FACT(X86_##x, x)
#define EFLAG(x)    FACT(X86_EFLAGS_##x, RFLAGS_##x)
#define ELF_EHDR(x) AT(elf64_hdr, e_##x, elf64_ehdr, e_##x)
#define ELF_PHDR(x) AT(elf64_phdr, p_##x, elf64_phdr, p_##x)
#define ELF_SHDR(x) AT(elf64_shdr, sh_##x, elf64_shdr, sh_##x)
#define ELF_SYM(x)  AT(elf64_sym, st_##x, elf64_sym, st_##x)

/* machine.inc and traps.inc */
#define SAVE(theirs, ours)    AT(sev_es_save_area, theirs, vmsa, ours)
#define SAVE1(x)	      SAVE(x, x)
#define CONTROL(theirs, ours) AT(vmcb, control.theirs, vmcb, ours)
#define PLAIN(x)	      AT(vmcb, save.x, vmcb, save.x)
#define PAGE(theirs, ours)    AT(ghcb, theirs, ghcb, ours)
#define PAGE1(x)	      PAGE(save.x, x)
#define SECRET(theirs, ours)  AT(snp_secrets_page, theirs, snp_secrets, ours)
#define CODE(x)		      FACT((uint32_t)SVSM_ERR_##x, (uint32_t)SVSM_ERR_##x)
#define MSR(x)		      FACT(MSR_##x, MSR_##x)
#define TRAP(x)		      FACT(X86_TRAP_##x, TRAP_##x)
