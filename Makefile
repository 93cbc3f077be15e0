# SPDX-License-Identifier: MIT
# Coir: SVSM, image tools and emulated SEV-SNP machine. `make help` for more.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

all: build

include config.mk
include scripts/mk/rules.mk
include scripts/mk/bare.mk
include scripts/mk/mutant.mk
include scripts/mk/stack.mk
include scripts/mk/host.mk
include scripts/mk/test.mk
include scripts/mk/interleave.mk
include scripts/mk/tsan.mk
include scripts/mk/services.mk
include scripts/mk/scale.mk
include scripts/mk/analyse.mk
include scripts/mk/coverage.mk
include scripts/mk/release.mk
include scripts/mk/proof.mk

export BUILD CACHE CC CLANG QEMU OVMF MAINTAINER CPUS_MAX

.PHONY: all build run check attack bench soak hostile fuzz clean help format FORCE

build: kernel emu guests services tools man ## everything, without running it

# What `make run` runs; nothing but a platform that we know.
RUN_SCRIPT_snp := scripts/run.sh
RUN_SCRIPT_native := scripts/run-native.sh
RUN_SCRIPT = $(or $(RUN_SCRIPT_$(PLATFORM)),\
	     $(error PLATFORM must be snp or native))

run: $(BUILD)/.deps-run build ## boot Linux under the SVSM: CPUS= MEMORY= ...
	@CPUS='$(CPUS)' MEMORY='$(MEMORY)' NODES='$(NODES)' KERNEL='$(KERNEL)' \
	INITRD='$(INITRD)' CMDLINE='$(CMDLINE)' DISK='$(DISK)' SVSM='$(SVSM)' \
	FIRMWARE='$(FIRMWARE)' TIMEOUT='$(TIMEOUT)' TPM='$(TPM)' $(RUN_SCRIPT)

check: $(BUILD)/.deps-build $(BUILD)/.deps-run $(BUILD)/.deps-check ## all tests
	@ONLY='$(ONLY)' scripts/check.py

attack: $(BUILD)/.deps-run build ## a host that attacks: A=word
	@scripts/attack.py '$(A)'

bench: $(BUILD)/.deps-run build ## exact figures, to $(BUILD)/bench.json
	@scripts/bench.py

soak: $(BUILD)/.deps-run build ## BOOTS=20 boots each: VMPL=2 VCPUS='1 4'
	@FIRMWARE='$(FIRMWARE)' scripts/soak.sh '$(BOOTS)' '$(VMPL)' $(VCPUS)

hostile: $(BUILD)/.deps-run build ## CALLS=1000000 calls of a hostile guest: SEED=
	@CALLS='$(CALLS)' SEED='$(SEED)' LIMIT=36000 tests/boot/hostile-4.sh

clean: ## remove $(BUILD); downloads in $(CACHE) stay
	rm -rf -- '$(BUILD)'

format: $(BUILD)/.deps-check ## lay out every C file by .clang-format
	clang-format -i $(ALL_C) $(ALL_H)

help: ## this page
	@sed -e 's/@BUILD@/$(subst /,\/,$(BUILD))/g' scripts/mk/help.txt
