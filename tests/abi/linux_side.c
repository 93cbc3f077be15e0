/* SPDX-License-Identifier: MIT */
/* Sees Linux's headers only; what they define is written down as numbers. */
#include "tests/abi/linux_side.h"

#include <asm/bootparam.h>
#include <asm/processor-flags.h>
#include <asm/svm.h>
#include <linux/elf.h>
#include <linux/psp-sev.h>

#define FACT THEIRS

const struct fact linux_facts[] = {
#include "tests/abi/uapi.inc"
};
const unsigned linux_fact_count = sizeof(linux_facts) / sizeof(linux_facts[0]);
