/* SPDX-License-Identifier: MIT */
/* proof: of any bytes none behind them is read; of an archive that was taken every
 *   stream lies in it and behind the table, segments are whole pages of a
 *   service's space, ascending and apart, none writable and executable or with
 *   more file than memory, the entry is in an executable one, and names end and
 *   differ
 * sources: lib/archive.c
 * bound: up to 2 services, of up to 2 segments each; streams may lie anywhere
 * flags: -DBOUND=2 --unwind 3 --unwindset name_good.0:17,strcmp.0:17,same.0:17,ends.0:17
 * seconds: 60
 * mutation: lib/archive.c@entry_good: e->packed <= size - e->offset =>
 *   e->packed <= size
 * mutation: lib/archive.c@segments_good: low = s->va + s->size; =>
 * mutation: lib/archive.c@archive_check: start > size => false
 * mutation: lib/archive.c@archive_check: || find(bytes, i, e->name) =>
 */
#include "lib/archive.h"

#include "lib/str.h"
#include "proofs/fake/proof.h"

#define TABLE(services)                  \
	(sizeof(struct archive_header) + \
	 (services) * sizeof(struct archive_entry))

#define SEGMENTS 2u

static uint8_t nothing;
static struct archive_header head;
static struct {
	struct archive_header head;
	struct archive_entry entry[1];
} one;
static struct {
	struct archive_header head;
	struct archive_entry entry[BOUND];
} two;

static bool few(const struct archive_entry *e)
{
	return e->segments <= SEGMENTS || e->segments > ARCHIVE_SEGMENTS;
}

static bool same(const char *a, const char *b)
{
	unsigned int i = 0;

	for (; i < ARCHIVE_NAME_MAX && a[i] == b[i]; i++)
		if (!a[i])
			return true;
	return i == ARCHIVE_NAME_MAX;
}

static bool ends(const char *name)
{
	unsigned int i = 0;

	while (i < ARCHIVE_NAME_MAX && name[i])
		i++;
	return i < ARCHIVE_NAME_MAX;
}

static void segment(const struct archive_segment *s, uint64_t low)
{
	PROVE(addr_aligned(s->va | s->size, PAGE_4K) && s->size);
	PROVE(s->va >= low && s->va + s->size > s->va);
	PROVE(s->va + s->size <= ARCHIVE_VA_MAX);
	PROVE(s->file_size <= s->size);
	PROVE(s->rights < (ARCHIVE_WRITE | ARCHIVE_EXEC));
}

static void service(const struct archive_entry *e, uint64_t start,
		    uint64_t size)
{
	uint64_t low = ARCHIVE_VA_MIN;
	bool entry = false;

	PROVE(e->packed && e->offset >= start && e->offset <= size);
	PROVE(e->packed <= size - e->offset);
	PROVE(e->segments && e->segments <= ARCHIVE_SEGMENTS);
	for (uint32_t i = 0; i < SEGMENTS; i++) {
		const struct archive_segment *s = &e->segment[i];

		if (i >= e->segments)
			break;
		segment(s, low);
		low = s->va + s->size;
		entry |= s->rights == ARCHIVE_EXEC && e->entry >= s->va &&
			 e->entry - s->va < s->file_size;
	}
	PROVE(entry);
	PROVE(ends(e->name) && e->name[0]);
}

static bool taken(const void *bytes, uint64_t size)
{
	if (archive_check(bytes, size) != OK)
		return false;
	PROVE(TABLE(archive_count(bytes)) <= size);
	return true;
}

int main(void)
{
	uint64_t size = any_upto(1ull << 32);

	ANY(head);
	ANY(one);
	ANY(two);
	/* What lies behind the table is not looked at, so is not there. */
	if (size < TABLE(0))
		PROVE(!taken(&nothing, size));
	else if (size < TABLE(1))
		(void)taken(&head, size);
	if (size < TABLE(1))
		return 0;
	__CPROVER_assume(few(&one.entry[0]));
	__CPROVER_assume(few(&two.entry[0]) && few(&two.entry[1]));
	if (size < TABLE(2)) {
		if (taken(&one, size) && one.head.count)
			service(&one.entry[0], TABLE(1), size);
		return 0;
	}
	__CPROVER_assume(size < TABLE(3) || two.head.count <= BOUND);
	if (!taken(&two, size) || two.head.count < 2)
		return 0;
	service(&two.entry[1], TABLE(2), size);
	PROVE(!same(two.entry[0].name, two.entry[1].name));
	SEEN(two.entry[1].segments == SEGMENTS);
	return 0;
}
