/* SPDX-License-Identifier: MIT */
/* SHA-384: known answers, and libcrypto as second opinion in odd pieces. */
/* test-sources: lib/sha384.c lib/str.c tests/vectors/igvm_sheet.c */
/* test-libs: -lcrypto */
#include "lib/sha384.h"

#include "tools/common/openssl.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vectors/igvm_sheet.h"

static void check(const char *message, const char *expected)
{
	uint8_t digest[SHA384_SIZE];
	char text[97];

	sha384_sum(message, strlen(message), digest);
	sheet_hex(digest, text);
	assert_string_equal(text, expected);
}

/* FIPS 180-4's own examples. */
static void test_known_answers(void **state)
{
	(void)state;
	check("", "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf"
		  "63f6e1da274edebfe76f65fbd51ad2f14898b95b");
	check("abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605"
		     "a43ff5bed8086072ba1e7cc2358baeca134c825a7");
	check("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	      "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	      "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f7"
	      "12fcc7c71a557e2db966c3e9fa91746039");
}

static void test_every_length(void **state)
{
	uint8_t message[600], ours[48], theirs[48];

	(void)state;
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(i * 151 + i / 7);
	for (size_t n = 0; n <= sizeof(message); n++) {
		sha384_sum(message, n, ours);
		assert_int_equal(EVP_Digest(message, n, theirs, NULL,
					    EVP_sha384(), NULL),
				 1);
		assert_memory_equal(ours, theirs, 48);
	}
}

static void test_pieces(void **state)
{
	uint8_t message[4096], ours[48], whole[48];
	uint32_t seed = 1;

	(void)state;
	memset(message, 0x5a, sizeof(message));
	sha384_sum(message, sizeof(message), whole);
	for (int round = 0; round < 200; round++) {
		struct sha384 s;
		size_t at = 0;

		sha384_init(&s);
		while (at < sizeof(message)) {
			size_t n;

			seed = seed * 1103515245 + 12345;
			n = (seed >> 16) % 300;
			if (n > sizeof(message) - at)
				n = sizeof(message) - at;
			sha384_add(&s, message + at, n);
			at += n;
		}
		sha384_end(&s, ours);
		assert_memory_equal(ours, whole, 48);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
