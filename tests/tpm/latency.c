/* SPDX-License-Identifier: MIT */
/*
 * Latency of nine commands, of our service and of swtpm, turn by turn, so that
 * what disturbs one disturbs the other; or, in a guest, of a TPM device alone,
 * whose objects must be gone. Medians in microseconds, as JSON.
 * usage: latency SWTPM-SOCKET|DEVICE [ROUNDS]
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "abi/service.h"
#include "services/vtpm/template.h"
#include "services/vtpm/wire.h"
#include "tests/tpm/client.h"

/* test-sources: tests/tpm/client.c tools/tpm-bridge/service.c services/vtpm/template.c */

#define ROUNDS_MAX     2000u
#define ROUNDS_DEFAULT 300u
#define TIMEOUT_MS     30000

enum { OURS, SWTPM, TPMS };

struct bytes {
	uint32_t size;
	uint8_t at[SYS_MESSAGE_MAX];
};

static struct client ours;
static int swtpm;
static int device = -1; /* in the place of both */
static int tpms = TPMS;
static struct bytes response;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "latency: %s\n", what);
	exit(1);
}

static void read_all(uint8_t *to, size_t size)
{
	struct pollfd p = { swtpm, POLLIN, 0 };

	while (size) {
		ssize_t n = poll(&p, 1, TIMEOUT_MS) > 0 ? read(swtpm, to, size)
							: 0;

		if (n <= 0)
			fail("swtpm does not answer");
		to += n;
		size -= (size_t)n;
	}
}

static void ask_swtpm(const struct bytes *command)
{
	struct cursor c;

	if (write(swtpm, command->at, command->size) != command->size)
		fail("swtpm does not listen");
	read_all(response.at, TPM_HEADER_SIZE);
	c = cursor_make(response.at, TPM_HEADER_SIZE);
	wire_get16(&c);
	response.size = wire_get32(&c);
	if (response.size < TPM_HEADER_SIZE ||
	    response.size > sizeof(response.at))
		fail("swtpm answers nonsense");
	read_all(response.at + TPM_HEADER_SIZE,
		 response.size - TPM_HEADER_SIZE);
}

static void ask_ours(const struct bytes *command)
{
	if (client_ask(&ours, VTPM_OP_COMMAND, 0, command->at, command->size) !=
	    SERVICE_OK)
		fail("the service refuses a command");
	response.size = ours.answer.size;
	memcpy(response.at, ours.answer.bytes, response.size);
}

/* A device takes a whole command and gives a whole response. */
static void ask_device(const struct bytes *command)
{
	ssize_t n = write(device, command->at, command->size);

	if (n == (ssize_t)command->size)
		n = read(device, response.at, sizeof(response.at));
	if (n < (ssize_t)TPM_HEADER_SIZE)
		fail("the device does not answer");
	response.size = (uint32_t)n;
}

/* Microseconds of one command; it must succeed. */
static double ask(int tpm, const struct bytes *command)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	if (device >= 0)
		ask_device(command);
	else if (tpm == OURS)
		ask_ours(command);
	else
		ask_swtpm(command);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (wire_code(response.at, response.size) != TPM_RC_SUCCESS) {
		fprintf(stderr, "latency: TPM %d: code %#x\n", tpm,
			wire_code(response.at, response.size));
		exit(1);
	}
	return (double)(b.tv_sec - a.tv_sec) * 1e6 +
	       (double)(b.tv_nsec - a.tv_nsec) / 1e3;
}

static struct cursor_out begin(struct bytes *b, uint32_t tag, uint32_t code)
{
	struct cursor_out c = cursor_out_make(b->at, sizeof(b->at));

	wire_begin(&c, tag, code);
	return c;
}

static void put_startup(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_NO_SESSIONS, TPM_CC_Startup);

	wire_put16(&c, 0);
	b->size = wire_end(&c);
}

static void put_random(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_NO_SESSIONS, 0x17b);

	wire_put16(&c, 16);
	b->size = wire_end(&c);
}

static void put_extend(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_SESSIONS, 0x182);

	wire_put32(&c, 16);
	wire_empty_auth(&c);
	wire_put32(&c, 1);
	wire_put16(&c, 0xb);
	cursor_out_take(&c, 32);
	b->size = wire_end(&c);
}

static void put_selection(struct cursor_out *c)
{
	static const uint8_t pcr_16[3] = { 0, 0, 1 };

	wire_put32(c, 1);
	wire_put16(c, 0xb);
	cursor_out_u8(c, sizeof(pcr_16));
	cursor_out_bytes(c, pcr_16, sizeof(pcr_16));
}

static void put_read(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_NO_SESSIONS, 0x17e);

	put_selection(&c);
	b->size = wire_end(&c);
}

static void put_primary(struct bytes *b, uint32_t hierarchy,
			const struct bytes *area)
{
	struct cursor_out c = begin(b, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);

	wire_put32(&c, hierarchy);
	wire_empty_auth(&c);
	wire_put16(&c, 4);
	wire_put32(&c, 0);
	wire_put16(&c, area->size);
	cursor_out_bytes(&c, area->at, area->size);
	wire_put16(&c, 0);
	wire_put32(&c, 0);
	b->size = wire_end(&c);
}

static void put_ek(struct bytes *b, enum vtpm_ek which)
{
	struct bytes area;
	struct cursor_out c = cursor_out_make(area.at, sizeof(area.at));

	template_put(&c, which);
	area.size = (uint32_t)cursor_out_offset(&c);
	put_primary(b, TPM_RH_ENDORSEMENT, &area);
}

/* A P-256 key for ECDSA, restricted to what the TPM made itself or not. */
static void put_signer(struct bytes *b, bool restricted)
{
	struct bytes area;
	struct cursor_out c = cursor_out_make(area.at, sizeof(area.at));

	wire_put16(&c, 0x23);
	wire_put16(&c, 0xb);
	wire_put32(&c, restricted ? 0x50472 : 0x40472);
	wire_put16(&c, 0);
	wire_put16(&c, 0x10);
	wire_put16(&c, 0x18); /* ECDSA with SHA-256 */
	wire_put16(&c, 0xb);
	wire_put16(&c, 3);
	wire_put16(&c, 0x10);
	wire_put32(&c, 0);
	area.size = (uint32_t)cursor_out_offset(&c);
	put_primary(b, 0x40000001u, &area);
}

static void put_sign(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_SESSIONS, 0x15d);

	wire_put32(&c, 0x80000000u);
	wire_empty_auth(&c);
	wire_put16(&c, 32);
	cursor_out_take(&c, 32);
	wire_put16(&c, 0x10);
	wire_put16(&c, 0x8024);
	wire_put32(&c, 0x40000007u);
	wire_put16(&c, 0);
	b->size = wire_end(&c);
}

static void put_quote(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_SESSIONS, 0x158);

	wire_put32(&c, 0x80000001u);
	wire_empty_auth(&c);
	wire_put16(&c, 16);
	cursor_out_take(&c, 16);
	wire_put16(&c, 0x10);
	put_selection(&c);
	b->size = wire_end(&c);
}

static void put_self_test(struct bytes *b)
{
	struct cursor_out c = begin(b, TPM_ST_NO_SESSIONS, 0x143);

	cursor_out_u8(&c, 1);
	b->size = wire_end(&c);
}

static void put_flush(struct bytes *b, uint32_t handle)
{
	struct cursor_out c = begin(b, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);

	wire_put32(&c, handle);
	b->size = wire_end(&c);
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * creates: what it made must be flushed, outside the measured time. varied: the
 * last bytes of the template's `unique` change, for another pair of primes.
 */
static void measure(const char *name, struct bytes *command, uint32_t rounds,
		    bool creates, bool varied)
{
	static double took[TPMS][ROUNDS_MAX];
	static bool later;
	struct bytes flush;

	put_flush(&flush, 0x80000002u);
	for (uint32_t i = 0; i < rounds; i++)
		for (int tpm = 0; tpm < tpms; tpm++) {
			if (varied)
				memcpy(command->at + command->size - 10, &i, 4);
			took[tpm][i] = ask(tpm, command);
			if (creates)
				ask(tpm, &flush);
		}
	for (int tpm = 0; tpm < tpms; tpm++)
		qsort(took[tpm], rounds, sizeof(took[tpm][0]), compare);
	printf("%s  {\"name\": \"%s\", \"rounds\": %u, \"ours_us\": %.1f",
	       later ? ",\n" : "", name, rounds, took[OURS][rounds / 2]);
	if (tpms == TPMS)
		printf(", \"swtpm_us\": %.1f", took[SWTPM][rounds / 2]);
	printf("}");
	later = true;
}

static void connect_swtpm(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path))
		fail("path of the socket is too long");
	memcpy(to.sun_path, path, strlen(path));
	swtpm = socket(AF_UNIX, SOCK_STREAM, 0);
	if (swtpm < 0 ||
	    connect(swtpm, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail("no swtpm at that socket");
}

static void find(const char *path)
{
	struct stat s;

	if (stat(path, &s) != 0 || !S_ISCHR(s.st_mode)) {
		connect_swtpm(path);
		return;
	}
	device = open(path, O_RDWR);
	tpms = 1;
	if (device < 0)
		fail("the device cannot be opened");
}

static void both(const struct bytes *command)
{
	for (int tpm = 0; tpm < tpms; tpm++)
		ask(tpm, command);
}

/* Both TPMs in the same state: started, with two keys. */
static void prepare(void)
{
	struct bytes b;

	if (device < 0) { /* Linux starts its own */
		client_start(&ours, NULL);
		put_startup(&b);
		both(&b);
	}
	put_signer(&b, false);
	both(&b);
	put_signer(&b, true);
	both(&b);
}

int main(int argc, char **argv)
{
	uint32_t rounds = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10)
				   : ROUNDS_DEFAULT;
	struct bytes b;

	if (argc < 2 || !rounds || rounds > ROUNDS_MAX)
		fail("usage: latency SWTPM-SOCKET [ROUNDS]");
	find(argv[1]);
	prepare();
	printf("[\n");
	put_random(&b);
	measure("GetRandom 16", &b, rounds, false, false);
	put_extend(&b);
	measure("PCR_Extend", &b, rounds, false, false);
	put_read(&b);
	measure("PCR_Read", &b, rounds, false, false);
	put_ek(&b, VTPM_EK_P256);
	measure("CreatePrimary P-256", &b, rounds, true, false);
	put_ek(&b, VTPM_EK_P384);
	measure("CreatePrimary P-384", &b, rounds, true, false);
	put_ek(&b, VTPM_EK_RSA_2048);
	measure("CreatePrimary RSA-2048", &b, 1 + rounds / 5, true, true);
	put_sign(&b);
	measure("Sign P-256", &b, rounds, false, false);
	put_quote(&b);
	measure("Quote ECDSA", &b, rounds, false, false);
	put_self_test(&b);
	measure("SelfTest", &b, 1 + rounds / 5, false, false);
	printf("\n]\n");
	if (device < 0)
		client_end(&ours);
	return 0;
}
