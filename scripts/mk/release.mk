# SPDX-License-Identifier: MIT
# Releases: release(1) for names, freezes and tags; what a release consists of,
# in $(BUILD)/release/. docs/release.md has the steps.

RELEASE := $(BUILD)/bin/release

release-next: $(RELEASE) ## name of the next release: KIND=devel
	@$(RELEASE) next $(KIND)
release-status: $(RELEASE) ## last release, freeze, next names
	@$(RELEASE) status
release-notes: $(RELEASE) ## changes since the last release
	@$(RELEASE) notes
release-check: $(RELEASE) ## may HEAD be that release? KIND=devel
	@$(RELEASE) check $(KIND) $(if $(NO_FREEZE),--no-freeze)
release-freeze: $(RELEASE) ## a commit that opens the freeze
	@$(RELEASE) freeze open
release-tag: $(RELEASE) ## checks, then the tag: KIND=devel NO_FREEZE=1
	@$(RELEASE) tag $(KIND) $(if $(NO_FREEZE),--no-freeze)

# What goes into images and package; neither test kernels nor the service that
# does what none may.
SHIPPED	:= $(KERNEL_ELF) $(BUILD)/bin/emu.bin $(BUILD)/guest/core.elf \
	   $(patsubst %,$(BUILD)/services/%,$(filter-out probe,$(SERVICES))) \
	   $(BUILD)/version
shipped: $(SHIPPED) tools man

package: shipped ## the tools as a Debian package
	@scripts/release/deb.sh
tarball: shipped ## the source
	@scripts/release/tarball.sh
digests: shipped ## launch digest of each image for each number of vCPUs
	@scripts/release/images.sh digests
release-files: shipped ## all that a release is, in $(BUILD)/release/
	@scripts/release/files.sh
release-verify: shipped ## FROM=FOLDER: does this tree give those files?
	@scripts/release/verify.sh '$(FROM)'
repro: ## two clones, two paths, two users: the same bytes
	@scripts/release/repro.sh

# xz is in that list.
tarball release-files release-verify: $(BUILD)/.deps-run

.PHONY: release-next release-status release-notes release-check \
	release-freeze release-tag shipped package tarball digests \
	release-files release-verify repro
