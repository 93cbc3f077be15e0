/* SPDX-License-Identifier: MIT */
/* No key above the guest's level reaches the guest. */
/* test-sources: kernel/guest/secrets.c lib/str.c */
#include "kernel/guest/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/str.h"

static struct snp_secrets from, to;

static int setup(void **state)
{
	(void)state;
	memset(&from, 0, sizeof(from));
	memset(&to, 0xee, sizeof(to));
	from.version = 3;
	from.tsc_factor = 9;
	for (unsigned int i = 0; i < 4; i++) {
		memset(from.vmpck[i], (int)(0x10 + i), VMPCK_SIZE);
		from.seq_low[i] = 100 + i;
		from.seq_high[i] = 200 + i;
	}
	return 0;
}

static void keys_below_stay_behind(void **state)
{
	(void)state;
	for (uint8_t vmpl = 0; vmpl < 4; vmpl++) {
		struct secrets_svsm svsm = { .guest_vmpl = vmpl };

		secrets_filter(&from, &svsm, &to);
		for (unsigned int i = 0; i < 4; i++) {
			if (i < vmpl) {
				assert_true(bytes_are_zero(to.vmpck[i],
							   VMPCK_SIZE));
				assert_int_equal(to.seq_low[i], 0);
				assert_int_equal(to.seq_high[i], 0);
				continue;
			}
			assert_memory_equal(to.vmpck[i], from.vmpck[i],
					    VMPCK_SIZE);
			assert_int_equal(to.seq_low[i], 100 + i);
		}
	}
}

static void svsm_is_announced(void **state)
{
	struct secrets_svsm svsm = {
		{ { 0x8000000 }, 0x600000 }, { 0x1e000 }, 1, 2
	};

	(void)state;
	secrets_filter(&from, &svsm, &to);
	assert_int_equal(to.svsm_base, 0x8000000);
	assert_int_equal(to.svsm_size, 0x600000);
	assert_int_equal(to.svsm_caa, 0x1e000);
	assert_int_equal(to.svsm_max_version, 1);
	assert_int_equal(to.svsm_guest_vmpl, 2);
	assert_int_equal(to.version, 3);
	assert_int_equal(to.tsc_factor, 9);
}

static void no_svsm_is_no_svsm(void **state)
{
	struct secrets_svsm svsm = { .guest_vmpl = 0 };

	(void)state;
	secrets_filter(&from, &svsm, &to);
	assert_memory_equal(&to, &from, sizeof(to));
	assert_int_equal(to.svsm_size, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(keys_below_stay_behind, setup),
		cmocka_unit_test_setup(svsm_is_announced, setup),
		cmocka_unit_test_setup(no_svsm_is_no_svsm, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
