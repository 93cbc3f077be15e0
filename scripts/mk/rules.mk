# SPDX-License-Identifier: MIT
# Quiet commands, source lists, dependency stamps and the compile rules.

ifeq ($(V),1)
say	=
else
say	= @printf '  %-7s %s\n' '$(1)' '$(2)';
endif

# Sources below folders; a folder that is empty or missing gives nothing.
sources	= $(sort $(patsubst ./%,%,$(shell find $(wildcard $(1)) \
	  /dev/null -type f -name '$(2)' 2>/dev/null)))
c_of	= $(call sources,$(1),*.c)
s_of	= $(call sources,$(1),*.S)

ROOMS	:= abi lib hw model boot kernel services tools emu proofs tests
ALL_C	:= $(call c_of,$(ROOMS))
ALL_H	:= $(call sources,$(ROOMS),*.h)

# Debian packages: checked once for each build folder and list of packages.
$(BUILD)/.deps-%: scripts/deps.sh
	@mkdir -p $(@D)
	@scripts/deps.sh $*
	@touch $@

# gcc's own headers (stdint.h, stddef.h): asked when first used, since the
# compiler may be installed by the rule above.
GCC_INC = $(eval GCC_INC := $$(shell $$(CC) -print-file-name=include))$(GCC_INC)

# Call graphs with frame sizes are gcc's; another compiler goes without.
CALLGRAPH = $(eval CALLGRAPH := $$(shell $$(CC) -fcallgraph-info=su,da -E -x c \
	/dev/null >/dev/null 2>&1 && echo -fcallgraph-info=su,da))$(CALLGRAPH)

# Same bytes from any folder: where the tree and $(BUILD) lie is not told.
PREFIX_MAP = '-ffile-prefix-map=$(CURDIR)/=' '-ffile-prefix-map=$(CURDIR)=.'

# The version, and the one object of each build that holds it: a new commit
# writes this file, and nothing else depends on it.
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@scripts/version.sh >$@.new
	@cmp -s $@.new $@ || cp $@.new $@
	@rm -f $@.new
VERSION_DEFINE = -DCOIR_VERSION='"$(shell cat $(BUILD)/version)"'

# compile NAME,COMPILER,FLAGS: a rule for $(BUILD)/obj/NAME/<source>.o
define compile
$(BUILD)/obj/$(1)/lib/version.c.o: $(BUILD)/version
$(BUILD)/obj/$(1)/lib/version.c.o: VERSION_OF = $$(VERSION_DEFINE)
$(BUILD)/obj/$(1)/%.c.o: %.c config.mk | $(BUILD)/.deps-$(4)
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)$(2) $(3) $$(MODEL_OF) $$(PREFIX_MAP) \
		$$(VERSION_OF) $$(WARN) -MMD -MP -c -o $$@ $$<
$(BUILD)/obj/$(1)/%.S.o: %.S config.mk | $(BUILD)/.deps-$(4)
	@mkdir -p $$(@D)
	$$(call say,AS,$$<)$(2) $(3) $$(MODEL_OF) $$(PREFIX_MAP) \
		-MMD -MP -c -o $$@ $$<
endef

# objects NAME,SOURCES: their object files in build NAME.
objects	= $(patsubst %,$(BUILD)/obj/$(1)/%.o,$(2))

$(BUILD)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR,$@)$(AR) rcsD $@ $(filter %.o,$^)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
