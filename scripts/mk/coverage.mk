# SPDX-License-Identifier: MIT
# Coverage: unit tests and fuzzers once more, by clang with counters; files that
# none of them links are compiled alone, so that they show as 0 %.

COVER_FLAGS = -O0 -g0 -w -fprofile-instr-generate -fcoverage-mapping \
	      -fcoverage-compilation-dir=.
$(eval $(call compile,cover,$$(CLANG),$$(COVER_FLAGS) $$(UNIT),coverage))
# As in the clang build: each room has its own headers.
$(BUILD)/obj/cover-alone/%.c.o: %.c config.mk | $(BUILD)/.deps-coverage
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CLANG) --target=x86_64-linux-gnu $(COVER_FLAGS) \
		$(CLANG_FLAGS_$(call CLANG_ROOM,$<)) -MMD -MP -c -o $@ $<

# cover_test SOURCE,PROGRAM,FLAGS,LIBS
define cover_test
$(2): $(call objects,cover,$(1) $(call named,test-sources,$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CLANG) -fprofile-instr-generate $(3) -o $$@ \
		$$(filter %.o,$$^) $(4) $(call named,test-libs,$(1))
cover-build: $(2)
endef

cover_bin = $(patsubst tests/%.c,$(BUILD)/coverage/bin/%,$(1))
COVER_FUZZ = $(if $(filter %_fuzz.c,$(1)),-fsanitize=fuzzer)
COVER_LIBS = $(if $(filter %_fuzz.c,$(1)),,$(UNIT_LIBS))
# What the figures are about: all that is shipped.
COVER_C	:= $(filter-out lib/bare/% services/probe/%,\
	   $(call c_of,lib model boot kernel services tools emu))

ifneq ($(filter coverage cover-%,$(MAKECMDGOALS)),)
COVER_TESTS := $(UNIT_C) $(FUZZ_C)
$(foreach t,$(COVER_TESTS),$(eval $(call cover_test,$(t),$(call cover_bin,\
	$(t)),$(call COVER_FUZZ,$(t)),$(call COVER_LIBS,$(t)))))
COVER_ALONE := $(filter-out $(foreach t,$(COVER_TESTS),\
	       $(call named,test-sources,$(t))),$(COVER_C))
cover-build: $(patsubst %,$(BUILD)/obj/cover-alone/%.o,$(COVER_ALONE))
endif

coverage: $(BUILD)/.deps-check $(BUILD)/.deps-coverage cover-build ## of tests
	@scripts/coverage.py $(if $(FLOORS),--write-floors) \
		$(patsubst %,$(BUILD)/obj/cover-alone/%.o,$(COVER_ALONE))

.PHONY: coverage cover-build
cover-build:
