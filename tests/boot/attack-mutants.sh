#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 900
# The scenarios can fail: kernels that lack one defence each, built in a copy of
# the tree, must make theirs fail. Arguments: only these scenarios.
set -u
BUILD=${BUILD:-build}
bin=$(realpath "$BUILD/bin")
work=$(mktemp -d "$BUILD/mutants.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
tree=$work/tree

fail() {
	echo "$*"
	exit 1
}

# The kernel's objects come along: one file is compiled for each mutant.
copy() {
	mkdir -p "$tree/build/obj" "$work/run"
	tar -c abi boot hw kernel lib model scripts tests/inject \
		tests/guest/guest.lds Makefile config.mk | tar -x -C "$tree"
	cp -a "$BUILD/obj/kernel" "$tree/build/obj/"
	cp -a "$BUILD"/.deps-* "$tree/build/"
}

build() {
	make -C "$tree" BUILD=build WERROR= build/bin/coir-svsm.elf \
		>"$work/make" 2>&1 || fail "$1: $(tail -n 5 "$work/make")"
}

attack() {
	SVSM=$tree/build/bin/coir-svsm.elf WORK=$work/run ATTACK_SECONDS=30 \
		scripts/attack.py "$1" >"$work/said" 2>&1
}

# mutant SCENARIO FILE SED-EXPRESSION: without the defence it must fail
mutant() {
	local name=$1 file=$tree/$2 status=0
	[ -z "$only" ] || [[ " $only " == *" $name "* ]] || return 0
	cp -p "$file" "$work/kept"
	sed -i -E "$3" "$file"
	cmp -s "$file" "$work/kept" && fail "$name: $2 is as it was"
	build "$name"
	attack "$name" || status=$?
	[ $status = 1 ] || fail "$name: passes without its defence in $2"
	grep -q '^0 of 1 scenarios' "$work/said" || fail "$(cat "$work/said")"
	echo "$(grep '^FAILED' "$work/said") [$2]"
	count=$((count + 1))
	cp -p "$work/kept" "$file"
	touch "$file"
}

only=$*
count=0
copy
build "the kernel as it is"
attack content || fail "the copy's kernel is no good: $(cat "$work/said")"
mutant valid-before-svsm kernel/snp/pages.c 's/rc == SNP_SUCCESS && same/false/'
mutant valid-before-guest kernel/snp/pages.c 's/rc == SNP_SUCCESS && same/false/'
mutant valid-before-boot boot/main.c 's/if \(carry\)/if (0)/'
mutant content kernel/mm/guestpage.c 's/if \(contents == CLEAR\)/if (contents == KEEP)/'
mutant frame-twice kernel/mm/guestpage.c '0,/if \(pvalid_page\(held, gpa\)\)/s//if (0)/'
mutant run-caller kernel/guest/enter.h 's/efer & ~\(uint64_t\)EFER_SVME/efer/'
mutant resume-vmpl0 kernel/guest/enter.c 's/vmsa->guest_exitcode [!=]= EXIT_VMGEXIT/true/'
mutant psc-stuck kernel/snp/ghcb_psc.c 's/progress <= done/progress < done/'
mutant psc-longer kernel/snp/ghcb_psc.c 's/list->end_entry != last/false/'
mutant cpuid-register kernel/snp/ghcb_msr.c '/CPUID_RESP\)\)/,/ERR_HOST/s/return ERR_HOST/(void)0/'
mutant info-protocol-1 kernel/snp/ghcb_msr.c 's/< GHCB_PROTOCOL_MAX/< 1/'
mutant ring0-gp-short kernel/cpu/trap.S 's/je	trap_save_rest/jmp	trap_save_rest/'
mutant nmi-nested kernel/trap.c 's/\|\| interrupted_itself\(frame\)/|| (0 \&\& interrupted_itself(frame))/'
mutant ring0-vc-cpuid kernel/snp/vc.c 's/!cpuid_at\(frame->rip\)/false \&\& !cpuid_at(frame->rip)/'
mutant secrets-odd kernel/guest/secrets.c 's/bytes_wipe\(to->vmpck\[i\], VMPCK_SIZE\)/(void)0/'
mutant renew-text kernel/base/panic.c 's/<= ENDS_MAX/!= 0/'
mutant cpus-fewer kernel/guest/topology.c 's/count > general->vp_count/count > 9999/'
mutant cpu-refused kernel/smp.c 's/if \(cpu_give_up\(cpu\)\)/cpu->state = CPU_FAILED;/'
[ $count -gt 0 ] || fail "no such scenario"
echo "$count kernels without a defence were found out"
