# SPDX-License-Identifier: MIT
# Mutants of the test kernel: one source with a fault that tests/mutants/NAME.sed
# plants, linked with the others' objects. A script that finds nothing fails.

INJECT_O := $(call objects,inject,$(INJECT_SRC))
mutated	= $(shell sed -n '2s/^\# \([^:]*\):.*/\1/p' tests/mutants/$(1).sed)

$(BUILD)/mutant/%.elf: tests/mutants/%.sed $(INJECT_ELF)
	@mkdir -p $(@D)
	$(call say,MUTANT,$@)sed -f $< $(call mutated,$*) >$(@:.elf=.c)
	@! cmp -s $(call mutated,$*) $(@:.elf=.c)
	@$(CC) $(INJECT_FLAGS) $(MODEL_kernel) -c -o $(@:.elf=.o) $(@:.elf=.c)
	@$(LD) $(BARE_LD) -T kernel/kernel.lds -o $@ $(@:.elf=.o) \
		$(filter-out %/$(call mutated,$*).o,$(INJECT_O)) \
		$(BUILD)/obj/kernel/lib.a

mutants: $(patsubst tests/mutants/%.sed,$(BUILD)/mutant/%.elf,\
	$(wildcard tests/mutants/*.sed)) ## kernels with planted faults
.PHONY: mutants
