/* SPDX-License-Identifier: MIT */
/* Heap sort: the largest value of [0, count) is at 0, its children's at
 * 2i + 1 and 2i + 2 are never larger. */
#include "lib/sort.h"

static void sift(uint32_t *v, size_t at, size_t count)
{
	uint32_t value = v[at];
	size_t child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && v[child + 1] > v[child])
			child++;
		if (v[child] <= value)
			break;
		v[at] = v[child];
		at = child;
	}
	v[at] = value;
}

void sort_u32(uint32_t *values, size_t count)
{
	size_t i;

	for (i = count / 2; i-- > 0;)
		sift(values, i, count);
	for (i = count; i-- > 1;) {
		uint32_t largest = values[0];

		values[0] = values[i];
		values[i] = largest;
		sift(values, 0, i);
	}
}
