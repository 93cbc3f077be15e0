# SPDX-License-Identifier: MIT
# Every build option with its default; override on the command line,
# as in `make BUILD=/tmp/out`. Objects are rebuilt when this file changes.

BUILD	?= build
# Downloads (kernels, QEMU builds) that outlive `make clean`.
CACHE	?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/coir

# The building compiler; clang repeats every file as a second opinion.
ifeq ($(origin CC),default)
CC	:= gcc
endif
ifeq ($(origin AR),default)
AR	:= ar
endif
ifeq ($(origin LD),default)
LD	:= ld
endif
CLANG	?= clang
CLANG_TIDY ?= clang-tidy
CPPCHECK ?= cppcheck
OBJCOPY	?= objcopy
STRIP	?= strip

# make run: what to boot, and on what.
# native: no SEV-SNP and no guest; the SVSM's tests of itself.
PLATFORM ?= snp
CPUS	?= 1
MEMORY	?= 1G
NODES	?= 1
KERNEL	?=
INITRD	?=
CMDLINE	?=
# Disk image for /dev/vda; empty: one with known content; none: no disk.
DISK	?=
SVSM	?= 1
# ovmf: Debian's firmware boots Linux from a disk; ovmf-2025.02, or a file.
FIRMWARE ?=
# 1: a kernel with Linux's driver for the SVSM's TPM, and tpm2-tools.
TPM	?= 0
TIMEOUT	?=
QEMU	?= qemu-system-x86_64

# make check: only tests whose name holds this word.
ONLY	?=

# make attack: families and scenarios whose name holds this word.
A	?=

# make soak: so many boots in a row at this level with each number of vCPUs.
BOOTS	?= 20
VMPL	?= 2
VCPUS	?= 1 4

# make hostile: so many random calls of four vCPUs.
CALLS	?= 1000000

# make interleave: a CPU may lose the processor so many times.
PREEMPTIONS ?= 2

# make stack: 1 prints the deepest paths, too.
TREE	?= 0

# make release-*: devel, rc, stable or update; 1: a devel without a freeze.
KIND	?= devel
NO_FREEZE ?=
# make release-files: OVMF's file (empty: Debian's newest), most vCPUs that have a
# launch digest, who answers for the package. release-verify: whose files.
OVMF	?=
CPUS_MAX ?= 1024
MAINTAINER ?= Coir <coir@localhost.invalid>
FROM	?=

# make fuzz: seconds for each fuzzer.
FUZZ_SECONDS ?= 60

# 1 shows whole commands instead of one short line for each.
V	?= 0

# Warnings end the build; WERROR= (empty) lets a new compiler through.
WERROR	?= -Werror

# The same warnings in every build. -Wconversion implies -Wsign-conversion in
# C, which would bury size_t arithmetic under casts.
WARN	:= -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion \
	   -Wstrict-prototypes -Wmissing-prototypes -Wvla $(WERROR)

# Bare machine: no libc, no red zone (interrupts use our stack), no SSE.
BARE	:= -std=gnu11 -ffreestanding -fno-pic -fno-pie -mno-red-zone \
	   -mgeneral-regs-only -fno-stack-protector -fno-strict-aliasing \
	   -fno-asynchronous-unwind-tables -fno-omit-frame-pointer \
	   -fcf-protection=none -fno-tree-loop-distribute-patterns \
	   -ffunction-sections -fdata-sections -nostdinc -I.
BARE_OPT := -O2 -g
DEBUG_OPT := -O0 -g

# Code models: kernel and emulator live in the top 2 GiB, others in the lowest.
MODEL_kernel := -mcmodel=kernel
MODEL_boot   := -mcmodel=small
MODEL_emu    := -mcmodel=kernel
MODEL_guest  := -mcmodel=small

BARE_LD	:= -nostdlib -static --no-dynamic-linker -z noexecstack \
	   -z max-page-size=4096 --build-id=none --gc-sections

HOST	:= -std=gnu11 -D_GNU_SOURCE -I.
# Hardened: tools read files and answers that others made.
HOST_OPT := -O2 -g -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
HOST_LD	:= -pie -Wl,-z,relro -Wl,-z,now
HOST_LIBS := -lcrypto -lz

# Services: static, at a fixed address, without relocations to apply; RELRO
# would need mprotect at start. Hardened, for they read what the guest sends. The
# C library warns of dlopen and of names of hosts, which nothing here can reach.
SERVICE_OPT := -O2 -fno-pie -fstack-protector-strong -D_FORTIFY_SOURCE=2
SERVICE_LD := -static -no-pie -Wl,-z,norelro -Wl,-z,noexecstack \
	   -Wl,--build-id=none -Wl,--no-warnings

# Unit tests see tests/fake first: `hw/` is then answered by model/.
UNIT	:= -std=gnu11 -D_GNU_SOURCE -Itests/fake -I.
UNIT_OPT := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	   -fno-omit-frame-pointer
UNIT_LIBS := -lcmocka
FUZZ_OPT := -O1 -g -fno-sanitize-recover=all

# Proofs see their own fakes first, which answer anything.
PROOF	:= -std=gnu11 -Iproofs/fake -Itests/fake -I.
