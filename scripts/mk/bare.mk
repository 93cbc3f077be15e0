# SPDX-License-Identifier: MIT
# The bare-metal programs: SVSM kernel, emulator, test guests. Each build has
# its own objects of lib/, since their code models differ.

BARE_FLAGS = $(BARE_OPT) $(BARE) -isystem $(GCC_INC)

# With gcc's call graphs beside the kernel's objects, for stackuse.
KERNEL_FLAGS = $(BARE_FLAGS) $(CALLGRAPH)
$(eval $(call compile,kernel,$$(CC),$$(KERNEL_FLAGS),build))
$(eval $(call compile,emu,$$(CC),$$(BARE_FLAGS),build))
$(eval $(call compile,guest,$$(CC),$$(BARE_FLAGS),build))
# The test kernel: the kernel's sources, but a few headers are tests/inject's.
INJECT_FLAGS = -Itests/inject $(BARE_FLAGS)
$(eval $(call compile,inject,$$(CC),$$(INJECT_FLAGS),build))

$(BUILD)/obj/kernel/%.o: MODEL_OF = $(MODEL_kernel)
$(BUILD)/obj/kernel/boot/%.o: MODEL_OF = $(MODEL_boot)
$(BUILD)/obj/inject/%.o: MODEL_OF = $(MODEL_kernel)
$(BUILD)/obj/inject/boot/%.o: MODEL_OF = $(MODEL_boot)
$(BUILD)/obj/emu/%.o: MODEL_OF = $(MODEL_emu)
$(BUILD)/obj/guest/%.o: MODEL_OF = $(MODEL_guest)

LIB_C	:= $(call c_of,lib)
MODEL_C	:= $(call c_of,model)
HW_S	:= $(call s_of,hw)

# bare_elf NAME,OBJECTS,SCRIPT,OUTPUT: a linked program and its archive lib.a
define bare_elf
$(4): $(2) $(BUILD)/obj/$(1)/lib.a $(3) config.mk
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(LD) $$(BARE_LD) -T $(3) -Map $(BUILD)/obj/$$(@F).map \
		-o $$@ $(2) $(BUILD)/obj/$(1)/lib.a
endef

define bare_lib
$(BUILD)/obj/$(1)/lib.a: $(call objects,$(1),$(LIB_C) $(2))
endef
$(eval $(call bare_lib,kernel,$(HW_S)))
$(eval $(call bare_lib,emu,$(MODEL_C) $(HW_S)))
$(eval $(call bare_lib,guest,$(HW_S)))

# The SVSM: boot stage and kernel in one ELF file.
# Functions by name, for traces: the table lies behind the code, so the second
# link leaves every address in it as it was; that is checked.
# svsm_elf OBJECTS-OF,SOURCES,OUTPUT,LIB-OF
define svsm_elf
$(call bare_elf,$(4),$(call objects,$(1),$(2)),\
	kernel/kernel.lds,$(BUILD)/obj/$(1)/first.elf)
$(BUILD)/obj/$(1)/symbols.S: $(BUILD)/obj/$(1)/first.elf scripts/symbols.sh
	$$(call say,SYMBOLS,$$@)scripts/symbols.sh $$< >$$@
$(BUILD)/obj/$(1)/symbols.o: $(BUILD)/obj/$(1)/symbols.S
	@$$(CC) -c -o $$@ $$<
$(call bare_elf,$(4),$(call objects,$(1),$(2)) \
	$(BUILD)/obj/$(1)/symbols.o,\
	kernel/kernel.lds,$(BUILD)/obj/$(1)/second.elf)
$(3): $(BUILD)/obj/$(1)/second.elf
	@mkdir -p $$(@D)
	@scripts/symbols.sh $$< | cmp - $(BUILD)/obj/$(1)/symbols.S
	$$(call say,CP,$$@)cp $$< $$@
kernel: $(3)
endef

KERNEL_SRC := $(call c_of,boot kernel) $(call s_of,boot kernel)
KERNEL_ELF := $(BUILD)/bin/coir-svsm.elf
INJECT_SRC := $(KERNEL_SRC) $(call c_of,tests/inject) $(call s_of,tests/inject)
INJECT_ELF := $(BUILD)/test/coir-svsm-test.elf
$(eval $(call svsm_elf,kernel,$(KERNEL_SRC),$(KERNEL_ELF),kernel))
$(eval $(call svsm_elf,inject,$(INJECT_SRC),$(INJECT_ELF),kernel))

# The emulated machine: an ELF file for debuggers, a flat one for QEMU.
EMU_SRC	:= $(call c_of,emu) $(call s_of,emu)
EMU_ELF	:= $(BUILD)/bin/emu.elf
ifneq ($(wildcard emu/emu.lds),)
$(eval $(call bare_elf,emu,$(call objects,emu,$(EMU_SRC)),\
	emu/emu.lds,$(EMU_ELF)))
emu: $(BUILD)/bin/emu.bin
else
emu: $(call objects,emu,$(EMU_SRC) $(LIB_C) $(MODEL_C))
endif

%.bin: %.elf
	$(call say,OBJCOPY,$@)$(OBJCOPY) -O binary $< $@

# Test guests: tests/guest/NAME/ and what lies beside the folders.
GUEST_NAMES := $(sort $(notdir $(patsubst %/,%,$(wildcard tests/guest/*/))))
GUEST_ALL := $(sort $(wildcard tests/guest/*.c tests/guest/*.S))
define guest
$(call bare_elf,guest,$(call objects,guest,$(call c_of,tests/guest/$(1)) \
	$(call s_of,tests/guest/$(1)) $(GUEST_ALL)),tests/guest/guest.lds,\
	$(BUILD)/guest/$(1).elf)
guests: $(BUILD)/guest/$(1).elf $(BUILD)/guest/$(1).bin
endef
ifneq ($(wildcard tests/guest/guest.lds),)
$(foreach g,$(GUEST_NAMES),$(eval $(call guest,$(g))))
endif

.PHONY: kernel emu guests
kernel emu guests: ## one part alone
