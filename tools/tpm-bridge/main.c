/* SPDX-License-Identifier: MIT */
/* tpm-bridge: the TPM simulator's TCP protocol for Coir's vTPM service. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "abi/service.h"
#include "abi/vtpm_service.h"
#include "lib/str.h"
#include "tools/common/args.h"
#include "tools/common/file.h"
#include "tools/common/place.h"
#include "tools/common/say.h"
#include "tools/tpm-bridge/server.h"

#define EXIT_SERVICE 3

static uint64_t port = 2321, timeout = 60;
static const char *where;
static struct arg_list ek_files;

static const struct arg_option options[] = {
	{ "port", 'p', "N",
	  "command port; the platform's is the next (2321); "
	  "0: two free ones",
	  ARG_NUMBER, &port },
	{ "connect", 'c', "WHERE",
	  "fd:N, unix:PATH or serial:FILE instead of a "
	  "child",
	  ARG_TEXT, &where },
	{ "ek", 'e', "KEY=FILE",
	  "write TPMT_PUBLIC of EK rsa, p256 or p384; "
	  "repeatable",
	  ARG_LIST, &ek_files },
	{ "timeout", 't', "SECONDS", "longest wait for an answer (60)",
	  ARG_NUMBER, &timeout },
};

static const struct arg_program program = {
	.name = "tpm-bridge",
	.usage = "[OPTIONS] [-- SERVICE [ARG...]]",
	.summary = "Lets clients of the TPM simulator (TCTI mssim) talk to "
		   "Coir's vTPM.\nThe ports in use are printed when they are "
		   "open.",
	.footer = "Exit status: 0 ended by a signal or a client, 1 wrong "
		  "options,\n  3 the service broke.",
	.options = options,
	.option_count = ARRAY_COUNT(options),
	.takes_rest = true,
};

static bool usage(const char *what)
{
	say_error("%s (see tpm-bridge --help)", what);
	return false;
}

static bool options_check(const struct args *args)
{
	if (port > 65534)
		return usage("--port: must be 0 to 65534");
	if (!timeout || timeout > 3600)
		return usage("--timeout: must be 1 to 3600");
	if (where && args->rest_count)
		return usage("--connect and a service: one of them");
	return true;
}

/* The vtpm of the same build, or of the same package. */
static char *own_service(void)
{
	static char path[PLACE_PATH_MAX];

	if (place_find("services/vtpm", path) == OK)
		return path;
	say_error("%s: %s", path, strerror(errno));
	return NULL;
}

static enum err service_open(const struct args *args, struct service *s)
{
	char *argv[] = { NULL, NULL };

	s->timeout_ms = (int)timeout * 1000;
	if (where)
		return service_connect(where, s);
	if (args->rest_count)
		return service_start(args->rest, s);
	argv[0] = own_service();
	return argv[0] ? service_start(argv, s) : ERR_HOST;
}

static enum err ek_write(struct service *s, const char *text)
{
	static const char *const names[VTPM_EK_COUNT] = { "rsa", "p256",
							  "p384" };
	const char *file = strchr(text, '=');
	struct service_answer answer;
	uint32_t key = 0;

	while (file && key < VTPM_EK_COUNT &&
	       (strlen(names[key]) != (size_t)(file - text) ||
		strncmp(text, names[key], (size_t)(file - text)) != 0))
		key++;
	if (!file || key == VTPM_EK_COUNT) {
		usage("--ek: must be rsa=FILE, p256=FILE or p384=FILE");
		return ERR_RANGE;
	}
	if (service_ask(s, VTPM_OP_EK, key, NULL, 0, &answer) != OK)
		return ERR_HOST;
	if (answer.result != SERVICE_OK) {
		say_error("the service has no key %s", text);
		return ERR_HOST;
	}
	return file_write(file + 1, answer.bytes, answer.size);
}

/* TERM and INT become a readable descriptor; a lost client is no signal. */
static int signals_take(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Before a port opens: is anybody there? Operation 0 is nobody's. */
static enum err greet(struct service *s)
{
	struct service_answer answer;
	enum err e = service_ask(s, 0, 0, NULL, 0, &answer);

	for (size_t i = 0; e == OK && i < ek_files.count; i++)
		e = ek_write(s, ek_files.texts[i]);
	return e;
}

static enum err run(struct service *s)
{
	struct simulator simulator = { .service = s };
	struct server server = { .signals = signals_take() };

	if (server.signals < 0) {
		say_error("signalfd: %s", strerror(errno));
		return ERR_HOST;
	}
	if (greet(s) != OK || server_listen((unsigned int)port, &server) != OK)
		return ERR_HOST;
	printf("tpm-bridge: ports %u %u\n", server.port, server.port + 1);
	fflush(stdout);
	return server_run(&server, &simulator);
}

int main(int argc, char **argv)
{
	struct service service;
	struct args args;
	enum err e;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code;
	if (!options_check(&args) || service_open(&args, &service) != OK)
		return TOOL_USAGE;
	e = run(&service);
	service_end(&service);
	return e == OK ? TOOL_OK : EXIT_SERVICE;
}
