# SPDX-License-Identifier: MIT
# Host programs: tools/NAME/ gives $(BUILD)/bin/NAME. lib/ and model/ come
# from archives, so that a tool carries only what it calls.

HOST_FLAGS = $(HOST_OPT) $(HOST)
$(eval $(call compile,host,$$(CC),$$(HOST_FLAGS),build))

# lib/bare replaces the C library in images; a host program has the real one.
$(BUILD)/host/lib.a: $(call objects,host,$(filter-out lib/bare/%,$(LIB_C)))
$(BUILD)/host/model.a: $(call objects,host,$(MODEL_C))
$(BUILD)/host/common.a: $(call objects,host,$(call c_of,tools/common))
HOST_AR	:= $(BUILD)/host/common.a $(BUILD)/host/model.a $(BUILD)/host/lib.a

# A tool is a folder with C files of its own.
TOOLS	:= $(sort $(filter-out common,$(foreach d,$(wildcard tools/*/*.c),\
	   $(word 2,$(subst /, ,$(d))))))

define tool
$(BUILD)/bin/$(1): $(call objects,host,$(call c_of,tools/$(1))) $(HOST_AR)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(HOST_OPT) $$(HOST_LD) -o $$@ $$^ \
		$$(HOST_LIBS)
tools: $(BUILD)/bin/$(1)
endef
$(foreach t,$(TOOLS),$(eval $(call tool,$(t))))

MAN_SRC	:= $(wildcard tools/*/*.1)
define man
$(BUILD)/share/man/man1/$(notdir $(1)): $(1)
	@mkdir -p $$(@D)
	$$(call say,MAN,$$@)cp $$< $$@
man: $(BUILD)/share/man/man1/$(notdir $(1))
endef
$(foreach m,$(MAN_SRC),$(eval $(call man,$(m))))

.PHONY: tools man
tools man:
