/* SPDX-License-Identifier: MIT */
/* proof: text and numbers of any field go into the buffer or nowhere, their length
 *   is told right, and widths are read without wrapping
 * sources: lib/fmt.c
 * bound: texts of 3 characters, numbers of 3 digits, fields of any width up to 5
 *   that are read from 6 characters, any buffer up to 6 bytes
 * flags: -DBOUND=6 --unwind 8
 * mutation: lib/fmt.c@put: s->length + 1 < s->size => s->length < s->size + 1
 * mutation: lib/fmt.c@digits_read: *value = v < FIELD_WIDTH_MAX ? v : FIELD_WIDTH_MAX => *value = v
 * mutation: lib/fmt.c@put_text: f->width > length ? f->width - length : 0 => f->width
 * mutation: lib/fmt.c@put_number: v % base => v % (base + 1)
 */
#include "lib/fmt.c"

#include "proofs/fake/proof.h"

static void text(void)
{
	char room[BOUND];
	struct sink s = { room, any_upto(BOUND), any_upto(BOUND) };
	struct field f = { .width = any_upto(5), .left = nondet_bool() };
	size_t before = s.length, length = any_upto(3);

	put_text(&s, &f, "abc", length);
	PROVE(s.length - before == (f.width > length ? f.width : length));
	if (!before && s.size > 1 && f.left && length)
		PROVE(room[0] == 'a');
}

static void number(void)
{
	char room[BOUND];
	struct sink s = { room, any_upto(BOUND), 0 };
	struct field f = { .width = any_upto(5),
			   .left = nondet_bool(),
			   .zero = nondet_bool() };
	uint64_t v = any_upto(0xfff);

	put_number(&s, f, v, false, 16, "0123456789abcdef");
	PROVE(s.length >= 1 && s.length <= 5 && s.length >= f.width);
	if (v == 0xa5 && f.zero && !f.left && f.width == 4 && s.size > 4) {
		PROVE(room[0] == '0' && room[1] == '0');
		PROVE(room[2] == 'a' && room[3] == '5');
	}
}

static void width(void)
{
	char digits[BOUND + 1];
	size_t value, want = 0, i = 0;
	const char *end;

	ANY(digits);
	digits[BOUND] = 0;
	end = digits_read(digits, &value);
	for (; digits[i] >= '0' && digits[i] <= '9'; i++)
		want = want * 10 + (size_t)(digits[i] - '0');
	PROVE(end == digits + i && value <= FIELD_WIDTH_MAX);
	PROVE(value == (want < FIELD_WIDTH_MAX ? want : FIELD_WIDTH_MAX));
	SEEN(i == BOUND && value == FIELD_WIDTH_MAX);
}

int main(void)
{
	switch (any_upto(2)) {
	case 0:
		text();
		break;
	case 1:
		number();
		break;
	default:
		width();
	}
	return 0;
}
