# SPDX-License-Identifier: MIT
# Threads, tests/tsan/NAME.c: the kernel's files under ThreadSanitizer. Atomics
# of the kernel are compiler builtins, which it knows; the instructions of hw/
# are tests/fake's functions. Mutants as in interleave.mk.

TSAN_FLAGS = -O1 -g -std=gnu11 -D_GNU_SOURCE -Itests/tsan/fake $(UNIT)
$(eval $(call compile,tsan,$$(CC),$$(TSAN_FLAGS),check))
$(BUILD)/obj/tsan/kernel/%.o: MODEL_OF = -fsanitize=thread
$(BUILD)/obj/tsan/lib/%.o: MODEL_OF = -fsanitize=thread
$(BUILD)/obj/tsan/tests/tsan/%.o: MODEL_OF = -fsanitize=thread
TSAN_C	:= $(wildcard tests/tsan/*.c)
TSAN_MUTANTS := $(wildcard tests/tsan/mutants/*.sed)
TSAN_O = $(call objects,tsan,tests/tsan/locks.c \
	$(call named,test-sources,tests/tsan/locks.c))

ifneq ($(filter tsan tsan-% $(BUILD)/tsan/%,$(MAKECMDGOALS)),)
$(BUILD)/tsan/locks: $(TSAN_O)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) -fsanitize=thread -o $@ $^ -lpthread
$(BUILD)/tsan/mutant/%: tests/tsan/mutants/%.sed $(TSAN_O)
	@mkdir -p $(@D)
	$(call say,MUTANT,$@)path=$$(sed -n '2s/^# \([^:]*\):.*/\1/p' $<) && \
	sed -f $< $$path >$@.c && ! cmp -s $$path $@.c && \
	$(CC) $(TSAN_FLAGS) -fsanitize=thread -w -c -o $@.o $@.c && \
	$(CC) -fsanitize=thread -o $@ $@.o $$(printf '%s\n' $(TSAN_O) | \
		grep -v "/$$path.o$$") -lpthread
endif

tsan-build: $(BUILD)/tsan/locks $(patsubst tests/tsan/mutants/%.sed,\
	$(BUILD)/tsan/mutant/%,$(TSAN_MUTANTS))
tsan: tsan-build ## four threads under ThreadSanitizer, ten times as long
	$(BUILD)/tsan/locks 100000

.PHONY: tsan tsan-build
