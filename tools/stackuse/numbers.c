/* SPDX-License-Identifier: MIT */
/* Names are replaced until none is left; then two stacks do the sums. */
#include "tools/stackuse/numbers.h"

#include <ctype.h>
#include <string.h>

#define EXPANSIONS_MAX 64
#define TEXT_MAX       1024
#define STACK_MAX      32

void numbers_add(struct numbers *numbers, const char *text)
{
	static const char define[] = "#define";

	for (; *text; text += strcspn(text, "\n"), text += *text != 0) {
		const char *name = text, *value;
		size_t size;

		if (strncmp(text, define, sizeof(define) - 1) != 0)
			continue;
		name += sizeof(define) - 1;
		name += strspn(name, " \t");
		for (size = 0;
		     isalnum((unsigned char)name[size]) || name[size] == '_';
		     size++)
			;
		value = name + size;
		/* NAME(...) takes arguments: not a number. */
		if (!size || (*value != ' ' && *value != '\t'))
			continue;
		*POOL_ADD(numbers->pool, numbers) = (struct number){
			pool_text(numbers->pool, name, size),
			pool_text(numbers->pool, value, strcspn(value, "\n/")),
		};
	}
}

static const char *text_of(const struct numbers *n, const char *name,
			   size_t size)
{
	/* The last one counts. */
	for (size_t i = n->count; i-- > 0;)
		if (strlen(n->items[i].name) == size &&
		    !memcmp(n->items[i].name, name, size))
			return n->items[i].text;
	return NULL;
}

/* The first name in text; numbers such as 0x1f hold letters too. */
static char *name_find(char *text, size_t *size)
{
	for (char *p = text; *p; p += *size) {
		*size = 0;
		while (isalnum((unsigned char)p[*size]) || p[*size] == '_')
			(*size)++;
		if (*size && !isdigit((unsigned char)*p))
			return p;
		*size += !*size;
	}
	return NULL;
}

/* One name becomes its text in parentheses. */
static bool expand(const struct numbers *n, char text[TEXT_MAX], char *name,
		   size_t size)
{
	const char *value = text_of(n, name, size);
	size_t tail = strlen(name + size) + 1, length;

	if (!value)
		return false;
	length = strlen(value);
	if ((size_t)(name - text) + length + 2 + tail > TEXT_MAX)
		return false;
	memmove(name + length + 2, name + size, tail);
	name[0] = '(';
	memcpy(name + 1, value, length);
	name[length + 1] = ')';
	return true;
}

struct sums {
	int64_t values[STACK_MAX];
	char signs[STACK_MAX];
	size_t value_count, sign_count;
};

static bool apply(struct sums *s)
{
	int64_t *v = s->values, r;
	bool wraps = true;

	if (s->value_count < 2)
		return false;
	v += s->value_count - 2;
	switch (s->signs[--s->sign_count]) {
	case '+':
		wraps = __builtin_add_overflow(v[0], v[1], &r);
		break;
	case '-':
		wraps = __builtin_sub_overflow(v[0], v[1], &r);
		break;
	case '*':
		wraps = __builtin_mul_overflow(v[0], v[1], &r);
		break;
	default:
		break;
	}
	if (wraps)
		return false;
	v[0] = r;
	s->value_count--;
	return true;
}

static int rank(char sign)
{
	return sign == '*' ? 2 : sign == '(' ? 0 : 1;
}

static bool push_sign(struct sums *s, char sign)
{
	while (sign != '(' && s->sign_count &&
	       rank(s->signs[s->sign_count - 1]) >= rank(sign))
		if (!apply(s))
			return false;
	if (s->sign_count == STACK_MAX)
		return false;
	s->signs[s->sign_count++] = sign;
	return true;
}

static bool close_paren(struct sums *s)
{
	while (s->sign_count && s->signs[s->sign_count - 1] != '(')
		if (!apply(s))
			return false;
	return s->sign_count-- > 0;
}

/* A number and its u, l, ll; *text moves behind it. */
static bool push_number(struct sums *s, const char **text)
{
	const char *p = *text;
	bool hex = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
	int64_t value = 0;

	for (p += hex ? 2 : 0;
	     hex ? isxdigit((unsigned char)*p) : isdigit((unsigned char)*p);
	     p++) {
		int digit = isdigit((unsigned char)*p) ? *p - '0'
						       : (*p | 32) - 'a' + 10;

		if (value > (INT64_MAX - digit) / (hex ? 16 : 10))
			return false;
		value = value * (hex ? 16 : 10) + digit;
	}
	p += strspn(p, "uUlL");
	if (s->value_count == STACK_MAX || isalnum((unsigned char)*p))
		return false;
	s->values[s->value_count++] = value;
	*text = p;
	return true;
}

/* Numbers and signs take turns: without that, "1 2 +" would pass. */
static bool evaluate(const char *p, uint64_t *value)
{
	struct sums s = { .value_count = 0 };
	bool operand = true, good = true;

	while (good && *(p += strspn(p, " \t"))) {
		if (operand && isdigit((unsigned char)*p)) {
			good = push_number(&s, &p);
			operand = false;
		} else if (operand && *p == '(') {
			good = push_sign(&s, *p++);
		} else if (!operand && *p == ')') {
			good = close_paren(&s);
			p++;
		} else if (!operand && strchr("+-*", *p)) {
			good = push_sign(&s, *p++);
			operand = true;
		} else {
			return false;
		}
	}
	while (good && s.sign_count)
		good = apply(&s);
	if (!good || operand || s.value_count != 1 || s.values[0] < 0)
		return false;
	*value = (uint64_t)s.values[0];
	return true;
}

bool numbers_value(const struct numbers *numbers, const char *expression,
		   uint64_t *value)
{
	char text[TEXT_MAX], *name;
	size_t size = strlen(expression);

	if (size >= sizeof(text))
		return false;
	memcpy(text, expression, size + 1);
	for (int i = 0; (name = name_find(text, &size)); i++)
		if (i == EXPANSIONS_MAX || !expand(numbers, text, name, size))
			return false;
	return evaluate(text, value);
}
