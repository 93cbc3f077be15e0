# SPDX-License-Identifier: MIT
# The kernel once more without optimisation, and the depth of the stacks of
# both builds (kernel/stacks.txt, stackuse(1)).

DEBUG_FLAGS = $(DEBUG_OPT) $(BARE) -isystem $(GCC_INC) $(CALLGRAPH)
$(eval $(call compile,debug,$$(CC),$$(DEBUG_FLAGS),build))
$(BUILD)/obj/debug/%.o: MODEL_OF = $(MODEL_kernel)
$(BUILD)/obj/debug/boot/%.o: MODEL_OF = $(MODEL_boot)
$(eval $(call bare_lib,debug,$(HW_S)))
DEBUG_ELF := $(BUILD)/debug/coir-svsm.elf
$(eval $(call svsm_elf,debug,$(KERNEL_SRC),$(DEBUG_ELF),debug))

# The call graphs of what is linked, of the archive's members all.
GRAPHS_C := $(filter %.c,$(KERNEL_SRC)) $(LIB_C)
define graphs
$(BUILD)/obj/$(1)/graphs.txt: $(2)
	@printf '%s\n' $(patsubst %,$(BUILD)/obj/$(1)/%.ci,$(GRAPHS_C)) >$$@
kernel: $(BUILD)/obj/$(1)/graphs.txt
endef
$(eval $(call graphs,kernel,$(KERNEL_ELF)))
$(eval $(call graphs,debug,$(DEBUG_ELF)))

stack: kernel $(BUILD)/bin/stackuse ## depth of every stack of the kernel
	@scripts/stack.sh show $(if $(filter 1,$(TREE)),--tree)

stack-page: kernel $(BUILD)/bin/stackuse ## its table in docs/memory.md
	@scripts/stack.sh update

.PHONY: stack stack-page
