/* SPDX-License-Identifier: MIT */
/* Answers what the test said; counts what it was asked. */
#include "tests/fake/service.h"

struct fake_service fake_service;

struct service {
	char unused;
};

struct service *service_find(const char *name)
{
	static struct service only;

	(void)name;
	return fake_service.present ? &only : NULL;
}

enum service_turn service_enter(struct service *s,
				const struct service_caller *caller)
{
	(void)s;
	fake_service.entered++;
	fake_service.caller = *caller;
	return fake_service.turn;
}

void service_leave(struct service *s)
{
	(void)s;
	fake_service.left++;
}

struct pa service_page(const struct service *s)
{
	(void)s;
	if (fake_service.at_page)
		fake_service.at_page();
	return fake_service.page;
}

void service_request(struct service *s, const struct service_caller *caller,
		     uint32_t op, uint32_t arg, uint32_t size)
{
	(void)s;
	(void)caller;
	fake_service.requested++;
	fake_service.op = op;
	fake_service.arg = arg;
	fake_service.size = size;
}

enum service_end service_work(struct service *s, struct service_answer *answer)
{
	(void)s;
	fake_service.worked++;
	*answer = fake_service.answer;
	return fake_service.end;
}
