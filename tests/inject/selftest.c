/* SPDX-License-Identifier: MIT */
/* The test kernel at start-up: one line in the table for each kind of test. */
#include "tests/inject/kernel/selftest.h"

#include "kernel/base/log.h"
#include "kernel/base/percpu.h"
#include "tests/inject/cost.h"
#include "tests/inject/deaf.h"
#include "tests/inject/flood.h"
#include "tests/inject/flush.h"
#include "tests/inject/gate.h"
#include "tests/inject/option.h"
#include "tests/inject/shoot.h"
#include "tests/inject/stack.h"
#include "tests/inject/suite.h"

static const struct {
	const char *name;
	void (*run)(const char *value);
} tests[] = {
	{ "stack", stack_test }, { "cost", cost_test },
	{ "suite", suite_test }, { "shoot", shoot_test },
	{ "flood", flood_test }, { "deaf", deaf_test },
	{ "flush", flush_test },
};

void selftest_init(const struct params *params)
{
	option_init(params);
	gate_arm(option_number("oom"), false);
}

void selftest_apart(void)
{
	shoot_apart(percpu_this());
}

void selftest_cpu(void)
{
	char value[OPTION_VALUE_MAX];

	if (percpu_this()->index == 0)
		log_line("inject: %llu allocations",
			 (unsigned long long)gate_tried());
	for (unsigned int i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (option_value(tests[i].name, value))
			tests[i].run(value);
}
