# SPDX-License-Identifier: MIT
# Proofs (docs/proofs.md): cbmc compiles and decides them, scripts/proof.py judges.

P	?=
proof: $(BUILD)/.deps-build ## proofs whose name holds P, and their mutations
	@scripts/proof.py run $(P)

proof-long: $(BUILD)/.deps-build ## the same claims in larger worlds
	@scripts/proof.py run --long $(P)

proof-page: ## the table in docs/proofs.md
	@scripts/proof.py update

.PHONY: proof proof-long proof-page
