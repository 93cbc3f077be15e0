# SPDX-License-Identifier: MIT
# Scale programs, tests/scale/NAME.c: the kernel's own files on the fake
# machine, larger than any machine here. Blocks of kernel/ and lib/ are
# counted as they run. Named in comments as in a unit test.

SCALE	:= -std=gnu11 -D_GNU_SOURCE -Itests/scale/fake -Itests/fake -I.
SCALE_FLAGS = -O1 -g -ffunction-sections -fno-omit-frame-pointer $(SCALE)
$(eval $(call compile,scale,$$(CC),$$(SCALE_FLAGS),build))
$(BUILD)/obj/scale/kernel/%.o: MODEL_OF = -fsanitize-coverage=trace-pc
$(BUILD)/obj/scale/lib/%.o: MODEL_OF = -fsanitize-coverage=trace-pc

define scale_test
$(2): $(call objects,scale,$(1) tests/fake/blocks.c \
	$(call named,test-sources,$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) -Wl,--gc-sections -o $$@ $$(filter %.o,$$^) \
		$(call named,test-libs,$(1))
scale: $(2)
endef

ifneq ($(filter scale $(BUILD)/scale/%,$(MAKECMDGOALS)),)
$(foreach t,$(sort $(wildcard tests/scale/*.c)),$(eval $(call scale_test,\
	$(t),$(patsubst tests/%.c,$(BUILD)/%,$(t)))))
endif

.PHONY: scale
scale:
