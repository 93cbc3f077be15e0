# SPDX-License-Identifier: MIT
# Families of a hostile host's scenarios; each must end as docs/attacks.md says.
# Sourced from the repository's root.

# attacks FAMILY...
attacks() {
	WORK=$(mktemp -d "${BUILD:-build}/attack.XXXXXX")
	trap 'rm -rf -- "$WORK"' EXIT
	export WORK
	scripts/attack.py "$@"
}
