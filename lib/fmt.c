/* SPDX-License-Identifier: MIT */
/* A small, bounded snprintf: never writes past its buffer, never allocates. */
#include "lib/fmt.h"

#include <stdbool.h>
#include <stdint.h>

#include "lib/str.h"

/* No field is padded wider: a format is ours, but the cost stays bounded. */
#define FIELD_WIDTH_MAX 1024u

struct sink {
	char *to;
	size_t size;
	size_t length; /* what the text needs; may pass size */
};

struct field {
	size_t width;
	size_t precision; /* SIZE_MAX: none given */
	bool zero, left;
	unsigned int longs;
	bool is_size;
};

/* Counts on past the end, so that the caller learns the full length. */
static void put(struct sink *s, char c)
{
	if (s->length + 1 < s->size)
		s->to[s->length] = c;
	s->length++;
}

static void put_many(struct sink *s, char c, size_t count)
{
	while (count--)
		put(s, c);
}

static void put_text(struct sink *s, const struct field *f, const char *text,
		     size_t length)
{
	size_t pad = f->width > length ? f->width - length : 0;

	if (!f->left)
		put_many(s, ' ', pad);
	for (size_t i = 0; i < length; i++)
		put(s, text[i]);
	if (f->left)
		put_many(s, ' ', pad);
}

/* Zeroes go between the sign and the digits, blanks before both. */
static void put_number(struct sink *s, struct field f, uint64_t v,
		       bool negative, unsigned int base, const char *digits)
{
	char text[24];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[v % base];
		v /= base;
	} while (v);
	if (f.zero && !f.left) {
		size_t length = sizeof(text) - at + (negative ? 1 : 0);

		if (negative)
			put(s, '-');
		put_many(s, '0', f.width > length ? f.width - length : 0);
		f.width = 0;
	} else if (negative) {
		text[--at] = '-';
	}
	put_text(s, &f, text + at, sizeof(text) - at);
}

static const char *digits_read(const char *p, size_t *value)
{
	size_t v = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		v = v < FIELD_WIDTH_MAX ? v * 10 + (size_t)(*p - '0') : v;
	*value = v < FIELD_WIDTH_MAX ? v : FIELD_WIDTH_MAX;
	return p;
}

static const char *field_read(const char *p, struct field *f)
{
	*f = (struct field){ .precision = SIZE_MAX };
	for (;; p++) {
		if (*p == '0')
			f->zero = true;
		else if (*p == '-')
			f->left = true;
		else
			break;
	}
	p = digits_read(p, &f->width);
	if (*p == '.')
		p = digits_read(p + 1, &f->precision);
	for (; *p == 'l'; p++)
		f->longs++;
	if (*p == 'z') {
		f->is_size = true;
		p++;
	}
	return p;
}

/* The argument must be taken with the width it was passed in. */
static uint64_t arg_unsigned(const struct field *f, va_list *args)
{
	if (f->is_size)
		return va_arg(*args, size_t);
	if (f->longs >= 2)
		return va_arg(*args, unsigned long long);
	if (f->longs)
		return va_arg(*args, unsigned long);
	return va_arg(*args, unsigned int);
}

static int64_t arg_signed(const struct field *f, va_list *args)
{
	if (f->is_size || f->longs == 1)
		return va_arg(*args, long);
	if (f->longs)
		return va_arg(*args, long long);
	return va_arg(*args, int);
}

static void put_signed(struct sink *s, const struct field *f, int64_t v)
{
	/* Negated as unsigned: the smallest number has no positive twin. */
	put_number(s, *f, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0, 10,
		   "0123456789");
}

static void put_string(struct sink *s, const struct field *f, const char *text)
{
	if (!text)
		text = "(null)";
	put_text(s, f, text, strnlen(text, f->precision));
}

static bool convert(struct sink *s, struct field *f, char kind, va_list *args)
{
	char c;

	switch (kind) {
	case 'd':
	case 'i':
		put_signed(s, f, arg_signed(f, args));
		return true;
	case 'u':
		put_number(s, *f, arg_unsigned(f, args), false, 10,
			   "0123456789");
		return true;
	case 'x':
		put_number(s, *f, arg_unsigned(f, args), false, 16,
			   "0123456789abcdef");
		return true;
	case 'X':
		put_number(s, *f, arg_unsigned(f, args), false, 16,
			   "0123456789ABCDEF");
		return true;
	case 'p':
		put(s, '0');
		put(s, 'x');
		put_number(s, *f, (uintptr_t)va_arg(*args, void *), false, 16,
			   "0123456789abcdef");
		return true;
	case 's':
		put_string(s, f, va_arg(*args, const char *));
		return true;
	case 'c':
		c = (char)va_arg(*args, int);
		put_text(s, f, &c, 1);
		return true;
	case '%':
		put(s, '%');
		return true;
	default:
		return false;
	}
}

static void format_all(struct sink *s, const char *p, va_list *args)
{
	while (*p) {
		struct field f;
		const char *start = p;

		if (*p != '%') {
			put(s, *p++);
			continue;
		}
		p = field_read(p + 1, &f);
		/* An argument of unknown size would shift all that follow. */
		if (!convert(s, &f, *p, args)) {
			put_text(s, &(struct field){ 0 }, start, strlen(start));
			return;
		}
		p++;
	}
}

size_t fmt_vprint(char *to, size_t size, const char *format, va_list args)
{
	struct sink s = { to, size, 0 };
	va_list copy;

	va_copy(copy, args);
	format_all(&s, format, &copy);
	va_end(copy);
	if (size)
		to[s.length < size ? s.length : size - 1] = '\0';
	return s.length;
}

size_t fmt_print(char *to, size_t size, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = fmt_vprint(to, size, format, args);
	va_end(args);
	return length;
}
