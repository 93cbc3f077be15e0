# SPDX-License-Identifier: MIT
# Services: services/NAME/ gives $(BUILD)/services/NAME, an ordinary static
# program that also runs in ring 3. services/base is part of each. Same bytes
# from the same packages: no debug information, no path, no time, no build id.

SERVICE_FLAGS = $(SERVICE_OPT) $(HOST)
$(eval $(call compile,service,$$(CC),$$(SERVICE_FLAGS),build))

SERVICES := $(sort $(filter-out base,$(foreach d,$(wildcard services/*/*.c),\
	    $(word 2,$(subst /, ,$(d))))))

# What libcrypto.a needs besides itself differs between releases: ask the
# linker, once, when a service is linked.
links	= $(shell echo 'int main(void) { return !OPENSSL_init_crypto(0, 0); }' \
	  | sed '1s/^/int OPENSSL_init_crypto(unsigned long, const void *);/' \
	  | $(CC) -x c - -static -o /dev/null $(1) >/dev/null 2>&1 && echo $(1))
CRYPTO_A = $(eval CRYPTO_A := $$(or $$(call links,-lcrypto),\
	   $$(call links,-lcrypto -lzstd -lz),-lcrypto))$(CRYPTO_A)

SERVICE_LIBS_vtpm = -ltpms $(CRYPTO_A)

# The linked program stays beside its objects, for its symbols.
define service
$(BUILD)/obj/service/$(1).elf: $(call objects,service,\
	$(call c_of,services/$(1) services/base) lib/version.c \
	$(call s_of,services/$(1))) config.mk
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(SERVICE_LD) -Wl,-Map,$$(@:.elf=.map) \
		-o $$@ $$(filter %.o,$$^) $$(SERVICE_LIBS_$(1))
$(BUILD)/services/$(1): $(BUILD)/obj/service/$(1).elf
	@mkdir -p $$(@D)
	$$(call say,STRIP,$$@)$$(STRIP) -o $$@ $$<
services: $(BUILD)/services/$(1)
endef
$(foreach s,$(SERVICES),$(eval $(call service,$(s))))

.PHONY: services
services: ## ring-3 programs

# Programs that test services: those of tests/tpm that name what they link. They
# are built like unit tests, and run against the real binary.
TPM_TESTS = $(sort $(shell grep -l '^/\* test-sources:' tests/tpm/*.c))
define tpm_test
$(BUILD)/tpm/$(notdir $(1:.c=)): $(call objects,unit,$(1) \
	$(call named,test-sources,$(1))) $(HOST_AR)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(UNIT_OPT) -o $$@ $$^ $$(UNIT_LIBS) -lcrypto
tpm-build: $(BUILD)/tpm/$(notdir $(1:.c=))
endef
ifneq ($(filter tpm-% bench-tpm $(BUILD)/tpm/%,$(MAKECMDGOALS)),)
$(foreach t,$(TPM_TESTS),$(eval $(call tpm_test,$(t))))
endif

# The storm of `make check` has SEED=1; another seed is another storm.
STORM	?= 100000
SEED	?= 1
tpm-storm: tpm-build ## STORM=100000 random TPM commands: SEED=1
	$(BUILD)/tpm/storm_test $(STORM) $(SEED)

# For guests: no sanitizer, no library.
$(BUILD)/tpm/latency-guest: $(call objects,service,tests/tpm/latency.c \
	$(call named,test-sources,tests/tpm/latency.c)) $(HOST_AR)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(SERVICE_LD) -o $@ $^ $(CRYPTO_A)
tpm-build: $(BUILD)/tpm/latency-guest

bench-tpm: $(BUILD)/.deps-bench tpm-build ## latency beside swtpm's
	@scripts/bench-tpm.py

.PHONY: tpm-build tpm-storm bench-tpm
tpm-build: services tools
