#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 120
# stackuse on trial: a small program with known frames, and every fault that it
# must name.
set -eu
BUILD=${BUILD:-build}
CC=${CC:-gcc}
tool=$(realpath "$BUILD/bin/stackuse")
work=$(mktemp -d "$BUILD/stackuse.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
cd "$work"
count=0

"$CC" -fcallgraph-info=su,da -E -x c /dev/null >empty 2>&1 ||
	{ echo "no call graphs: only gcc writes them"; exit 77; }

fail() {
	echo "$*"
	cat rules said out 2>/dev/null
	exit 1
}

# make_elf [OPTION...]: prog.elf of prog.c and prog.S, with its call graph
make_elf() {
	"$CC" -O1 -ffreestanding -fno-pic -fno-stack-protector -fno-inline \
		-fno-optimize-sibling-calls -fcf-protection=none \
		-fcallgraph-info=su,da -Wno-vla -c -o prog.o prog.c
	"$CC" -c -o asm.o prog.S
	ld -nostdlib -static --build-id=none -e start -o prog.elf prog.o asm.o
	echo prog.ci >list
}

# run WANTED-STATUS WORDS [OPTION...]: rules come from standard input
run() {
	local wanted=$1 words=$2 status=0
	shift 2
	cat >rules
	"$tool" -r rules -b one=prog.elf,list "$@" >out 2>said || status=$?
	count=$((count + 1))
	[ "$status" = "$wanted" ] || fail "status $status, not $wanted: $words"
	[ -z "$words" ] || grep -q -e "$words" said out || fail "no '$words'"
}

# depth ENTRY: of the last run, which was made with --json
depth() {
	sed -n 's/.*"name":"'"$1"'","depth":\([0-9]*\).*/\1/p' out
}

cat >prog.S <<'END'
	.text
	.globl start
start:	call	top
1:	jmp	1b
	.globl	leaf
leaf:	push	%rax
	pop	%rax
	ret
	.section .note.GNU-stack, "", @progbits
END
cat >prog.c <<'END'
struct ops { const char *name; void (*small)(void); void (*large)(void); };
void leaf(void);
volatile int which;
static void small(void) { leaf(); }
static void large(void)
{
	volatile char a[2000];

	a[0] = 1;
	leaf();
	a[1] = a[0];
}
const struct ops ops = { "ops", small, large };
void (*const list[])(void) = { small, small };
void (*changes)(void) = small;
static int down(int n) { leaf(); return n ? n * down(n - 1) + 1 : 1; }
static void twice(void (*f)(void)) { f(); f(); }
int top(void)
{
	const struct ops *o = &ops;
	__asm__("" : "+r"(o));
	o->large();
	o->small();
	list[which]();
	twice(small);
	return down(which);
}
int second(void) __attribute__((alias("top")));
END
cat >size.h <<'END'
#define PAGE 0x1000 /* bytes */
#define PAGES (1 + 1)
END
make_elf
good='numbers size.h
limit all = PAGE * PAGES
assembly start 8 calls top
assembly leaf 16
slots ops = ops in prog.c
call prog.c o->* = ops.*
call prog.c list[which] = list[]
call prog.c f = argument 1 of twice
frame large because "it is a test"
bound 3 down because of the test
entry main = start limit all'

run 0 '"name":"main"' --json <<<"$good"
all=$(depth main)
# 8 of start, top, large with its array, leaf; top has a frame of its own.
[ "$all" -gt 2032 ] && [ "$all" -lt 2200 ] || fail "depth $all of large"
frame() {
	sed -n 's/.*"'"$1"' \([0-9]*\)".*/\1/p' frames
}
sed -n 's/^node: .*label: "\([a-z]*\)\\n[^\\]*\\n\([0-9]*\) bytes.*/"\1 \2"/p' \
	prog.ci >frames
[ "$all" = $((8 + $(frame top) + $(frame large) + 16)) ] ||
	fail "depth $all is not the sum of the frames"

# Recursion: exactly the bound times its frame.
run 0 '' --json <<<"${good/bound 3/bound 200}"
[ "$(depth main)" = $((8 + $(frame top) + 200 * $(frame down) + 16)) ] ||
	fail "depth $(depth main) of 200 times down"
run 2 'large is reached from no entry point' --json \
	<<<"${good/= start limit/= start without large limit}"
[ "$(depth main)" = $((8 + $(frame top) + 3 * $(frame down) + 16)) ] ||
	fail "depth $(depth main) without large"
run 0 '' --json <<<"${good/= start limit/= start through twice limit}"
[ "$(depth main)" = $((8 + $(frame top) + $(frame twice) + \
	$(frame small) + 16)) ] || fail "depth $(depth main) through twice"
run 0 '' --json <<<"${good/= start limit/= start interrupted 2 by leaf limit}"
[ "$(depth main)" = $((all + 2 * 16)) ] || fail "depth with interrupts"

run 0 '' --json <<<"$good
pushes 96 large small because its inline assembly does"
[ "$(depth main)" = $((all + 96)) ] || fail "depth with pushes"
run 0 '' --json <<<"${good/calls top/calls second}"
[ "$(depth main)" = "$all" ] || fail "depth through another name"

run 2 'cycle without a bound: prog.c:down -> prog.c:down' \
	<<<"${good/bound 3 down because of the test/}"
run 1 'large .* has a frame of [0-9]* bytes, and no rule says why' \
	<<<"${good/frame large because \"it is a test\"/}"
run 1 "main: $all bytes, more than three quarters of 2048" \
	<<<"${good/PAGE \* PAGES/2048}"
run 1 'more than three quarters' <<<"${good/PAGE \* PAGES/$((all * 4 / 3 - 4))}"
run 0 '' <<<"${good/PAGE \* PAGES/$((all * 4 / 3 + 4))}"
sed 's/struct ops {/& void (*more)(void);/' prog.c >more.h
run 2 'ops has 24 bytes, not 4 pointers' <<<"${good/in prog.c/in more.h}"
run 2 'no rule says what o->large calls' <<<"${good/call prog.c o->\*/call prog.c p->*}"
run 2 'no rule says what f calls' <<<"${good/call prog.c f/call prog.c g}"
run 2 'rules:5: no build needs this rule' <<<"${good/ops.\*/small large}"
run 2 'leaf, called by .*, is in no call graph and no rule' \
	<<<"${good/assembly leaf 16/}"
run 2 'changes.*: it can be written' <<<"${good/list\[\]/changes[]}"
run 2 'no such table' <<<"${good/list\[\]/lost[]}"
run 2 'ops has no slot other' <<<"${good/ops.\*/ops.other}"
run 2 'large is reached from no entry point' \
	<<<"${good/= ops.\*/= small}"
run 2 'rules:12: no build needs this rule' <<<"$good
assembly gone 8"
run 0 '' --part <<<"$good
assembly gone 8"
run 2 'nobody: nothing of that name' \
	<<<"${good/= start limit/= start without nobody limit}"
run 2 'rules:12: not a rule: entry' <<<"$good
entry nothing"
run 2 'PAGE / 2 is no number' <<<"${good/PAGE \* PAGES/PAGE \/ 2}"
run 2 'the image has no nowhere' <<<"${good/= start limit/= nowhere limit}"

# The table of a page: written, true, too low, too high, a row too many.
printf 'Text.\n<!-- stackuse: begin -->\n<!-- stackuse: end -->\nMore.\n' >page
run 1 'no row for main' --check page <<<"$good"
run 0 '' --update page <<<"$good"
run 0 '' --check page <<<"$good"
[ "$(sed -n '$p' page)" = More. ] || fail "the page lost its end"
for number in 1 99999; do
	sed "s/^| main | 8192 | [0-9]*/| main | 8192 | $number/" page >other
	run 1 "page says at most $number" --check other <<<"$good"
done
sed 's/^| main.*/&\n| more | 1 | 1 |/' page >other
run 1 'has 2 rows, not 1' --check other <<<"$good"
sed 's/8192/8193/' page >other
run 1 'the limit is 8192' --check other <<<"$good"

run 0 'large' --tree <<<"$good"
run 0 '' --svg picture.svg <<<"$good"
python3 - <<'END' || fail "the picture is no good SVG"
import xml.dom.minidom
root = xml.dom.minidom.parse("picture.svg").documentElement
texts = [t.firstChild.data for t in root.getElementsByTagName("text")]
assert root.tagName == "svg" and any("large" in t for t in texts), texts
END
run 0 '' --json <<<"$good"
python3 -m json.tool <out >/dev/null || fail "the JSON is none"

# No file of the program may be missing from the list, or be broken.
: >list
run 2 'is in the image, but in no call graph' <<<"$good"
head -c 500 prog.ci >half.ci
echo half.ci >list
run 2 'half.ci: line [0-9]*: ' <<<"$good"
echo prog.ci prog.ci >list
run 2 'is in two objects' <<<"$good"
echo missing.ci >list
run 1 'missing.ci' <<<"$good"

sed -i 's/char a\[2000\]/char a[which]/' prog.c
make_elf
run 2 'large .* has alloca or an array of variable length' <<<"$good"
echo "$count runs as they should be"
