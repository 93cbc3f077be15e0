# SPDX-License-Identifier: MIT
# Static analysis of what is shipped, by three programs that share no code:
# gcc -fanalyzer, clang-tidy (.clang-tidy) and cppcheck (scripts/cppcheck.txt).
# What each of them does not look for is written there, with the reason.

ANALYSE_C := $(call c_of,lib model boot kernel services tools emu)
analyse_ok = $(patsubst %,$(BUILD)/obj/analyse/%.$(1).ok,$(ANALYSE_C))

# Loops without an end are what kernels do; a descriptor that became stdout
# is not lost.
NOT_ANALYSED = -Wno-analyzer-infinite-loop -Wno-analyzer-fd-leak
# gcc 14 forgets there that the header was filled in.
$(BUILD)/obj/analyse/lib/igvm_write.c.gcc.ok: \
	NOT_ANALYSED += -Wno-analyzer-use-of-uninitialized-value
$(BUILD)/obj/analyse/lib/version.c.%.ok: VERSION_OF = -DCOIR_VERSION='"any"'

# The flags each file is compiled with; -O1 gives the analyser what it needs.
GCC_FLAGS_bare = $(filter-out -nostdlibinc,$(CLANG_FLAGS_bare)) \
	-nostdinc -isystem $(GCC_INC)
GCC_FLAGS_host = $(HOST)
$(BUILD)/obj/analyse/%.c.gcc.ok: %.c config.mk | $(BUILD)/.deps-build
	@mkdir -p $(@D)
	$(call say,ANALYSE,$<)$(CC) -O1 $(GCC_FLAGS_$(call CLANG_ROOM,$<)) \
		-fanalyzer $(NOT_ANALYSED) $(WARN) $(VERSION_OF) \
		-MMD -MP -MF $(@:.ok=.d) -MT $@ -MT $(@:.gcc.ok=.tidy.ok) -c -o /dev/null $< && touch $@
$(BUILD)/obj/analyse/%.c.tidy.ok: %.c config.mk .clang-tidy | $(BUILD)/.deps-check
	@mkdir -p $(@D)
	$(call say,TIDY,$<)$(CLANG_TIDY) --quiet $< -- --target=x86_64-linux-gnu \
		$(CLANG_FLAGS_$(call CLANG_ROOM,$<)) $(VERSION_OF) \
		2>$(@:.ok=.err) && touch $@ || { cat $(@:.ok=.err); exit 1; }

CPPCHECK_FLAGS = --quiet --error-exitcode=1 --inline-suppr --std=c11 \
	--enable=warning,portability,performance --platform=unix64 -I. \
	--library=posix --library=scripts/cppcheck.cfg \
	--suppressions-list=scripts/cppcheck.txt

analyse-gcc: $(call analyse_ok,gcc)
analyse-tidy: $(call analyse_ok,tidy)
analyse-cppcheck: $(BUILD)/.deps-check
	$(CPPCHECK) $(CPPCHECK_FLAGS) -D__x86_64__ \
		$(sort $(dir $(ANALYSE_C)))
analyse: analyse-gcc analyse-tidy analyse-cppcheck ## gcc, clang-tidy, cppcheck
.PHONY: analyse analyse-gcc analyse-tidy analyse-cppcheck
