/* SPDX-License-Identifier: MIT */
/* ELF64 for x86-64, little endian: what a static program and its symbols need. */
#pragma once

#include "abi/check.h"

#define ELF_MAGIC   0x464c457fu /* 7F 'E' 'L' 'F' */
#define EI_CLASS    4
#define EI_DATA	    5
#define EI_VERSION  6
#define EI_NIDENT   16
#define ELFCLASS64  2
#define ELFDATA2LSB 1
#define EV_CURRENT  1

#define ET_EXEC	  2
#define ET_DYN	  3
#define EM_X86_64 62

#define PT_LOAD	     1u
#define PT_DYNAMIC   2u
#define PT_INTERP    3u
#define PT_PHDR	     6u
#define PT_TLS	     7u
#define PT_GNU_STACK 0x6474e551u

#define PF_X 1u
#define PF_W 2u
#define PF_R 4u

#define SHN_UNDEF  0u
#define SHT_SYMTAB 2u
#define SHT_STRTAB 3u

#define STT_NOTYPE 0u
#define STT_OBJECT 1u
#define STT_FUNC   2u
#define STT_FILE   4u
#define STB_LOCAL  0u

struct elf64_ehdr {
	uint8_t e_ident[EI_NIDENT];
	uint16_t e_type;
	uint16_t e_machine;
	uint32_t e_version;
	uint64_t e_entry;
	uint64_t e_phoff;
	uint64_t e_shoff;
	uint32_t e_flags;
	uint16_t e_ehsize;
	uint16_t e_phentsize;
	uint16_t e_phnum;
	uint16_t e_shentsize;
	uint16_t e_shnum;
	uint16_t e_shstrndx;
};
ABI_SIZE(struct elf64_ehdr, 64);

struct elf64_phdr {
	uint32_t p_type;
	uint32_t p_flags;
	uint64_t p_offset;
	uint64_t p_vaddr;
	uint64_t p_paddr;
	uint64_t p_filesz;
	uint64_t p_memsz;
	uint64_t p_align;
};
ABI_SIZE(struct elf64_phdr, 56);

struct elf64_shdr {
	uint32_t sh_name;
	uint32_t sh_type;
	uint64_t sh_flags;
	uint64_t sh_addr;
	uint64_t sh_offset;
	uint64_t sh_size;
	uint32_t sh_link;
	uint32_t sh_info;
	uint64_t sh_addralign;
	uint64_t sh_entsize;
};
ABI_SIZE(struct elf64_shdr, 64);

struct elf64_sym {
	uint32_t st_name;
	uint8_t st_info;
	uint8_t st_other;
	uint16_t st_shndx;
	uint64_t st_value;
	uint64_t st_size;
};
ABI_SIZE(struct elf64_sym, 24);

#define ELF64_ST_TYPE(info) ((info)&0xfu)
#define ELF64_ST_BIND(info) ((info) >> 4)
