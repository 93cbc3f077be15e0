#!/bin/sh
# SPDX-License-Identifier: MIT
# abi/ against headers inside the Linux kernel, from Debian's package of a 6.12
# kernel: they are compiled unmodified and nothing of them is kept.
# timeout: 300
set -eu

headers() { # prints the folder of the unpacked headers
	for suite in own trixie; do
		v=$(scripts/debs.py version $suite linux-headers-amd64) || continue
		case "$v" in
		6.12.*) name="linux-headers-${v%-*}+deb13-common" ;;
		*) continue ;;
		esac
		root=$(scripts/fetch-deb.sh $suite "$name") || continue
		echo "$root/usr/src/$name"
		return
	done
	return 1
}

# What was fetched once is used without network.
cached() {
	cache=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/coir}
	find "$cache/debs" -maxdepth 5 -type d -path '*/usr/src/linux-headers-6.12*common' \
		2>/dev/null | sort | tail -n 1
}

linux=$(cached)
[ -n "$linux" ] || linux=$(headers) || {
	echo "no package of Linux 6.12 headers could be fetched"
	exit 77
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
x86=$linux/arch/x86/include

# Stand-ins for what those headers include but their structures do not need.
mkdir -p "$work/asm" "$work/uapi/asm" "$work/linux"
for h in asm/hyperv-tlfs.h asm/insn.h asm/coco.h uapi/asm/kvm.h linux/types.h \
	linux/sev-guest.h linux/bits.h; do
	: >"$work/$h"
done
cat >"$work/prelude.h" <<'END'
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#define __packed __attribute__((packed))
#define BIT(n) (1ul << (n))
#define BIT_ULL(n) (1ull << (n))
#define GENMASK_ULL(h, l) ((~0ull >> (63 - (h))) & (~0ull << (l)))
#define PAGE_SIZE 4096
#define BUILD_BUG_ON(wrong) _Static_assert(!(wrong), #wrong)
#define ASSERT_STRUCT_OFFSET(s, f, at) \
	_Static_assert(offsetof(s, f) == (at), #f)
struct hv_vmcb_enlightenments { u8 bytes[32]; };
#define __init
typedef u64 pgd_t, phys_addr_t;
enum pg_level { PG_LEVEL_NONE };
struct pt_regs;
struct insn { u8 byte; };
bool test_bit(long bit, const volatile unsigned long *map);
void __set_bit(long bit, volatile unsigned long *map);
END
# This one includes half the kernel; its fault bits are all that is wanted.
grep -h '^#define PFERR_[A-Z_]*MASK' "$x86/asm/kvm_host.h" >"$work/pferr.h"

theirs() { # list, headers...
	list=$1
	shift
	for h; do printf '#include <%s>\n' "$h"; done
	cat <<-END
	#include "tests/abi/facts.h"
	#define FACT THEIRS
	const struct fact theirs[] = {
	#include "tests/abi/$list.inc"
	};
	const unsigned count = sizeof(theirs) / sizeof(theirs[0]);
	END
}

ours() {
	list=$1
	shift
	for h; do printf '#include "%s"\n' "$h"; done
	cat <<-END
	#include "tests/abi/facts.h"
	#define FACT OURS
	static const struct fact ours[] = {
	#include "tests/abi/$list.inc"
	};
	extern const struct fact theirs[];
	extern const unsigned count;
	int main(void)
	{
		unsigned bad = count != sizeof(ours) / sizeof(ours[0]);

		for (unsigned i = 0; i < count; i++)
			if (ours[i].value != theirs[i].value)
				bad += !!printf("$list.inc:%d: %#lx here, %#lx "
						"in Linux\n", ours[i].line,
						ours[i].value, theirs[i].value);
		printf("$list: %u facts, %u differ\n", count, bad);
		return bad != 0;
	}
	END
}

compare() { # the two sources
	${CC:-gcc} -std=gnu11 -w -I. -I"$work" -isystem "$x86" -include \
		"$work/prelude.h" -c -o "$work/theirs.o" "$work/theirs.c"
	${CC:-gcc} -std=gnu11 -Wall -Werror -I. -include "$work/prelude.h" \
		-c -o "$work/ours.o" "$work/ours.c"
	${CC:-gcc} -o "$work/facts" "$work/theirs.o" "$work/ours.o"
	"$work/facts" || fail=1
}

fail=0
echo "headers: ${linux##*/}"
theirs machine asm/svm.h asm/sev.h asm/msr-index.h pferr.h \
	>"$work/theirs.c"
ours machine abi/snp/vmsa.h abi/snp/ghcb.h abi/snp/ghcb_msr.h \
	abi/snp/secrets.h abi/snp/rmp.h abi/svsm/call.h abi/svsm/core.h \
	abi/linux/boot.h abi/x86/event.h abi/x86/svm.h abi/x86/msr.h model/rmp.h \
	>"$work/ours.c"
compare
theirs traps asm/trapnr.h asm/trap_pf.h asm/apicdef.h >"$work/theirs.c"
ours traps abi/x86/trap.h abi/x86/paging.h abi/x86/apic.h >"$work/ours.c"
compare
exit $fail
