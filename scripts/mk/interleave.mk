# SPDX-License-Identifier: MIT
# Interleavings, tests/interleave/NAME.c: the kernel's own files, whose atomic
# operations call tests/interleave/tsan.c instead of a sanitizer's library. Named
# in comments as in a unit test.

INTERLEAVE_FLAGS = -O2 -g -DWORLD_CPUS=3u -Itests/interleave/fake $(UNIT)
$(eval $(call compile,interleave,$$(CC),$$(INTERLEAVE_FLAGS),check))
# Fences: nothing to do where memory is in order.
$(BUILD)/obj/interleave/kernel/%.o: MODEL_OF = -fsanitize=thread -Wno-tsan
INTERLEAVE_C := $(shell grep -l '^/\* test-sources:' \
	$(wildcard tests/interleave/*.c) /dev/null)

define interleave_test
$(2): $(call objects,interleave,$(1) $(call named,test-sources,$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) -o $$@ $$(filter %.o,$$^)
interleave-build: $(2)
endef

ifneq ($(filter interleave interleave-% $(BUILD)/interleave/%,$(MAKECMDGOALS)),)
$(foreach t,$(INTERLEAVE_C),$(eval $(call interleave_test,\
	$(t),$(patsubst tests/%.c,$(BUILD)/%,$(t)))))
endif

# Mutants: as those of the test kernel (mutant.mk), for what goes wrong only
# between two CPUs. interleave-mutants builds, tests/tools/interleave.sh runs.
INTERLEAVE_MUTANTS := $(wildcard tests/interleave/mutants/*.sed)
planted	= $(shell sed -n '2s/^\# \([^:]*\): \([^:]*\):.*/\$(2)/p' \
	tests/interleave/mutants/$(1).sed)
define interleave_mutant
$(BUILD)/interleave/mutant/$(1): tests/interleave/mutants/$(1).sed \
	$(BUILD)/interleave/$(call planted,$(1),2)
	@mkdir -p $$(@D)
	$$(call say,MUTANT,$$@)sed -f $$< $(call planted,$(1),1) >$$@.c
	@! cmp -s $(call planted,$(1),1) $$@.c
	@$$(CC) $$(INTERLEAVE_FLAGS) -fsanitize=thread -w -c -o $$@.o $$@.c
	@$$(CC) -o $$@ $$@.o $(filter-out %/$(call planted,$(1),1).o,\
		$(call objects,interleave,\
		tests/interleave/$(call planted,$(1),2).c $(call named,test-sources,\
		tests/interleave/$(call planted,$(1),2).c)))
interleave-build: $(BUILD)/interleave/mutant/$(1)
endef
ifneq ($(filter interleave-build,$(MAKECMDGOALS)),)
$(foreach m,$(INTERLEAVE_MUTANTS),$(eval $(call interleave_mutant,$(notdir \
	$(m:.sed=)))))
endif

# One more than in `make check`.
interleave: interleave-build ## PREEMPTIONS=2: all interleavings of calls
	@for t in $(patsubst tests/%.c,$(BUILD)/%,$(INTERLEAVE_C)); do \
		$$t $(PREEMPTIONS) || exit 1; done

.PHONY: interleave interleave-build
interleave-build:
