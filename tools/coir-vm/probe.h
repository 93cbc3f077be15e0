/* SPDX-License-Identifier: MIT */
/* What this machine can do: which QEMU, and whether KVM can nest AMD-V. */
#pragma once

#include <stdbool.h>

#include "lib/err.h"

struct qemu_facts {
	unsigned int major, minor;
	bool has_seed, has_icount, has_no_reboot;
};

/* Reads the text of `qemu -help`; ERR_FORMAT if it is not QEMU's. */
must_check enum err qemu_facts_parse(const char *help, struct qemu_facts *out);

/* Asks the program itself. On an error the reason has been said on stderr. */
must_check enum err qemu_probe(const char *qemu, struct qemu_facts *out);

/*
 * NULL if KVM can run the emulator, else the reason, ready to print. `device`
 * and `nested` are /dev/kvm and the parameter file of kvm_amd; NULL for what
 * needs no nesting.
 */
const char *kvm_missing(const char *device, const char *nested);

#define KVM_DEVICE "/dev/kvm"
#define KVM_NESTED "/sys/module/kvm_amd/parameters/nested"
