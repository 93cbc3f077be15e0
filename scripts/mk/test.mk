# SPDX-License-Identifier: MIT
# Unit tests, fuzzers and the second compiler's opinion. A test names what it
# links besides itself in a comment:
#   /* test-sources: lib/elf.c lib/cursor.c */    /* test-libs: -lcrypto */

UNIT_FLAGS = $(UNIT_OPT) $(UNIT)
FUZZ_FLAGS = $(FUZZ_OPT) -fsanitize=fuzzer-no-link,address,undefined $(UNIT)
$(eval $(call compile,unit,$$(CC),$$(UNIT_FLAGS),check))
$(eval $(call compile,fuzz,$$(CLANG),$$(FUZZ_FLAGS),check))

UNIT_C	:= $(call sources,tests/unit tests/abi,*_test.c)
FUZZ_C	:= $(sort $(wildcard tests/fuzz/*_fuzz.c))

named	= $(shell sed -n 's|^/\* *$(1): *\(.*\) *\*/|\1|p' $(2))

define unit_test
$(2): $(call objects,unit,$(1) $(call named,test-sources,$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(UNIT_OPT) -o $$@ $$(filter %.o,$$^) \
		$$(UNIT_LIBS) $(call named,test-libs,$(1))
unit-build: $(2)
endef

define fuzz_test
$(2): $(call objects,fuzz,$(1) $(call named,test-sources,$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CLANG) $$(FUZZ_OPT) \
		-fsanitize=fuzzer,address,undefined -o $$@ \
		$$(filter %.o,$$^) $(call named,test-libs,$(1))
fuzz-build: $(2)
endef

unit_bin = $(patsubst tests/%.c,$(BUILD)/%,$(1))
fuzz_bin = $(patsubst tests/fuzz/%_fuzz.c,$(BUILD)/fuzz/%,$(1))

# Reading every test's comment costs time; only the goals that need it pay.
ifneq ($(filter unit unit-% fuzz fuzz-% $(BUILD)/unit/% $(BUILD)/abi/% \
	$(BUILD)/fuzz/%,$(MAKECMDGOALS)),)
$(foreach t,$(UNIT_C),$(eval $(call unit_test,$(t),$(call unit_bin,$(t)))))
$(foreach t,$(FUZZ_C),$(eval $(call fuzz_test,$(t),$(call fuzz_bin,$(t)))))
endif

# make unit T=lib/elf: build and run the tests whose path holds T.
T	?=
UNIT_RUN := $(foreach t,$(call unit_bin,$(UNIT_C)),\
	    $(if $(findstring $(T),$(t)),$(t)))
unit: $(UNIT_RUN)
	@for t in $(UNIT_RUN); do echo "== $$t"; timeout 120 $$t || exit 1; done

fuzz: fuzz-build ## run every fuzzer for FUZZ_SECONDS
	@scripts/fuzz.sh $(FUZZ_SECONDS) $(call fuzz_bin,$(FUZZ_C))

# The whole tree again with clang, for its warnings only.
CLANG_FLAGS_bare = $(filter-out -fno-tree-loop-distribute-patterns -nostdinc \
	,$(BARE)) -nostdlibinc
CLANG_FLAGS_host = $(HOST)
CLANG_FLAGS_unit = $(UNIT)
CLANG_FLAGS_proof = $(PROOF)
CLANG_FLAGS_inject = -Itests/inject $(CLANG_FLAGS_bare)
CLANG_ROOM = $(strip $(if $(filter boot/% kernel/% emu/% lib/% model/% tests/guest/%,\
	$(1)),bare,$(if $(filter tools/% services/%,$(1)),host,\
	$(if $(filter tests/inject/%,$(1)),inject,\
	$(if $(filter proofs/%,$(1)),proof,unit)))))
$(BUILD)/obj/clang/%.c.ok: %.c config.mk | $(BUILD)/.deps-check
	@mkdir -p $(@D)
	$(call say,CLANG,$<)$(CLANG) --target=x86_64-linux-gnu \
		$(CLANG_FLAGS_$(call CLANG_ROOM,$<)) $(WARN) -fsyntax-only \
		$(VERSION_OF) -MMD -MP -MF $(@:.ok=.d) -MT $@ $< && touch $@
$(BUILD)/obj/clang/lib/version.c.ok: VERSION_OF = -DCOIR_VERSION='"any"'
clang: $(patsubst %,$(BUILD)/obj/clang/%.ok,$(ALL_C)) ## clang's warnings

.PHONY: unit unit-build fuzz-build clang
unit-build fuzz-build:

# Every header alone, with both compilers: it must bring what it needs.
HEADER_FLAGS_gcc = $(filter-out -nostdinc,$(CLANG_FLAGS_$(call CLANG_ROOM,$<)))
$(BUILD)/obj/headers/%.h.ok: %.h config.mk | $(BUILD)/.deps-check
	@mkdir -p $(@D)
	$(call say,HEADER,$<)echo '#include "$<"' | $(CC) -x c \
		$(filter-out -nostdlibinc,$(HEADER_FLAGS_gcc)) $(WARN) \
		-fsyntax-only -MMD -MP -MF $(@:.ok=.d) -MT $@ - && \
	echo '#include "$<"' | $(CLANG) -x c --target=x86_64-linux-gnu \
		$(CLANG_FLAGS_$(call CLANG_ROOM,$<)) $(WARN) -fsyntax-only - && \
	touch $@
headers: $(patsubst %,$(BUILD)/obj/headers/%.ok,$(ALL_H)) ## each header alone
.PHONY: headers
