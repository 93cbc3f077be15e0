/* SPDX-License-Identifier: MIT */
/*
 * A TPM session by the vTPM protocol at VMPL2, right and wrong: what the TPM
 * answers is looked at, and what the protocol refuses. vcpus=N: N vCPUs ask at
 * once. Without the service (none=1): the protocol is not there. bench: what
 * commands cost.
 */
#include "abi/svsm/vtpm.h"
#include "lib/str.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"
#include "tests/guest/vtpm/vtpm.h"

#define VTPM_CALL(n) ((uint64_t)SVSM_VTPM_PROTOCOL << 32 | (n))
#define TRIES	     20000000u
#define ROUNDS	     40u
#define PCR_SIZE     32u

static uint8_t buffers[VCPU_MAX][4096] __attribute__((aligned(4096)));
static uint32_t incomplete[VCPU_MAX], busy[VCPU_MAX], wrong[VCPU_MAX];

/* One call, once: no repetition. */
static uint32_t once(unsigned int cpu, uint64_t call, struct svsm_regs *regs)
{
	struct svsm_regs try;

	do {
		try = *regs;
		try.rax = call;
	} while (svsm_exit(cpu, 1, &try));
	*regs = try;
	return (uint32_t)try.rax;
}

/* The call until it is done, as guests do it. */
static uint32_t call(unsigned int cpu, uint64_t gpa)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		struct svsm_regs regs = { .rcx = gpa };
		uint32_t r = once(cpu, VTPM_CALL(SVSM_VTPM_CMD), &regs);

		if (r == (uint32_t)SVSM_ERR_INCOMPLETE)
			incomplete[cpu]++;
		else if (r == (uint32_t)SVSM_ERR_BUSY)
			busy[cpu]++;
		else
			return r;
	}
	return (uint32_t)SVSM_ERR_BUSY;
}

static void put(unsigned int cpu, const uint8_t *command, uint32_t size)
{
	struct svsm_vtpm_command head = { SVSM_VTPM_SEND_COMMAND, 0, size };

	memcpy(buffers[cpu], &head, sizeof(head));
	memcpy(buffers[cpu] + sizeof(head), command, size);
}

static uint32_t big_endian(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* A TPM command; the TPM's result code. The response stays in the buffer. */
uint32_t tpm(unsigned int cpu, const uint8_t *command, uint32_t size)
{
	const uint8_t *answer = buffers[cpu] + 4;
	uint32_t r, length;

	put(cpu, command, size);
	r = call(cpu, (uint64_t)buffers[cpu]);
	if (r != SVSM_SUCCESS)
		return r;
	memcpy(&length, buffers[cpu], sizeof(length));
	if (length < 10 || big_endian(answer + 2) != length)
		return 0xbad;
	return big_endian(answer + 6);
}

static const uint8_t startup[] = { 0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x44, 0, 0 };
static const uint8_t get_random[] = {
	0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, 16
};
static const uint8_t pcr_read[] = { 0x80, 1, 0, 0, 0, 20, 0, 0, 1, 0x7e,
				    0,	  0, 0, 1, 0, 11, 3, 0, 0, 1 };
/* PCR 16, SHA-256, 32 bytes of 0x5a, by a password session without one. */
static const uint8_t extend_head[] = { 0x80, 2, 0, 0, 0,  65, 0, 0, 1,
				       0x82, 0, 0, 0, 16, 0,  0, 0, 9,
				       0x40, 0, 0, 9, 0,  0,  0, 0, 0,
				       0,    0, 0, 1, 0,  11 };
static const uint8_t clock_read[] = { 0x80, 1, 0, 0, 0, 10, 0, 0, 1, 0x81 };

static void print_bytes(const char *what, const uint8_t *bytes, uint32_t n)
{
	char text[65];

	for (uint32_t i = 0; i < n && i < 32; i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
		text[2 * i + 2] = 0;
	}
	print("vtpm: %s: %s\n", what, text);
}

/* SHA-256 of 32 zero bytes and 32 times 0x5a, computed elsewhere. */
static const uint8_t extended[PCR_SIZE] = {
#include "tests/guest/vtpm/extended.inc"
};

static void session(void)
{
	static const uint8_t zero[PCR_SIZE];
	uint8_t extend[65], first[16];
	const uint8_t *answer = buffers[0] + 4;

	check_equal("before Startup: GetRandom", tpm(0, get_random, 12), 0x100);
	check_equal("Startup", tpm(0, startup, sizeof(startup)), 0);
	check_equal("Startup again", tpm(0, startup, sizeof(startup)), 0x100);
	check_equal("GetRandom", tpm(0, get_random, 12), 0);
	check_equal("16 bytes", answer[11], 16);
	memcpy(first, answer + 12, 16);
	print_bytes("random", first, 16);
	check_equal("GetRandom", tpm(0, get_random, 12), 0);
	check_true("others than before", memcmp(first, answer + 12, 16) != 0);
	check_equal("PCR_Read", tpm(0, pcr_read, sizeof(pcr_read)), 0);
	check_true("PCR 16 is zero", !memcmp(answer + 30, zero, PCR_SIZE));
	memcpy(extend, extend_head, sizeof(extend_head));
	memset(extend + sizeof(extend_head), 0x5a, PCR_SIZE);
	check_equal("PCR_Extend", tpm(0, extend, sizeof(extend)), 0);
	check_equal("PCR_Read", tpm(0, pcr_read, sizeof(pcr_read)), 0);
	print_bytes("PCR 16", answer + 30, PCR_SIZE);
	check_true("PCR 16 is extended", !memcmp(answer + 30, extended, 32));
}

static uint32_t command_at(uint64_t gpa, uint32_t command, uint8_t locality,
			   uint32_t size, bool write)
{
	struct svsm_vtpm_command head = { command, locality, size };

	if (write)
		memcpy((void *)gpa, &head, sizeof(head));
	return call(0, gpa);
}

static void refused(void)
{
	const uint32_t invalid = (uint32_t)SVSM_ERR_INVALID_PARAMETER;
	const uint32_t address = (uint32_t)SVSM_ERR_INVALID_ADDRESS;
	uint64_t at = (uint64_t)buffers[0];
	struct svsm_regs regs = { 0 };

	check_equal("no address", command_at(0, 8, 0, 12, false), invalid);
	check_equal("end of page", command_at(at + 4087, 8, 0, 12, false),
		    invalid);
	check_equal("size 0", command_at(at, 8, 0, 0, true), invalid);
	check_equal("size 4088", command_at(at, 8, 0, 4088, true), invalid);
	check_equal("size 2^32-1", command_at(at, 8, 0, ~0u, true), invalid);
	check_equal("past the page", command_at(at + 4000, 8, 0, 88, true),
		    invalid);
	check_equal("locality 5", command_at(at, 8, 5, 12, true), invalid);
	check_equal("command 1", command_at(at, 1, 0, 12, true),
		    (uint32_t)SVSM_ERR_UNSUPPORTED_CALL);
	check_equal("the SVSM's memory",
		    command_at(secrets->svsm_base, 8, 0, 12, false), address);
	check_equal("no memory", command_at(1ull << 45, 8, 0, 12, false),
		    address);
	check_equal("wraps", command_at(~0ull - 4095, 8, 0, 12, false),
		    address);
	check_equal("call 2", once(0, VTPM_CALL(2), &regs),
		    (uint32_t)SVSM_ERR_UNSUPPORTED_CALL);
	put(0, clock_read, sizeof(clock_read));
	check_equal("4087 bytes", command_at(at, 8, 0, 4087, true),
		    SVSM_SUCCESS);
	check_equal("the TPM's own word", big_endian(buffers[0] + 10), 0x142);
}

static uint64_t query_protocol(uint32_t version)
{
	struct svsm_regs regs = { .rcx = (uint64_t)SVSM_VTPM_PROTOCOL << 32 |
					 version };

	check_equal("QUERY_PROTOCOL",
		    svsm_call(0, SVSM_CORE_QUERY_PROTOCOL, &regs),
		    SVSM_SUCCESS);
	return regs.rcx;
}

static void query(void)
{
	struct svsm_regs regs = { .rdx = 77 };

	check_equal("version 1", query_protocol(1), 1ull << 32 | 1);
	check_equal("version 0", query_protocol(0), 0);
	check_equal("version 2", query_protocol(2), 0);
	check_equal("QUERY", once(0, VTPM_CALL(SVSM_VTPM_QUERY), &regs),
		    SVSM_SUCCESS);
	check_equal("commands", regs.rcx, 0x100);
	check_equal("features", regs.rdx, 0);
}

static void absent(void)
{
	struct svsm_regs regs = { 0 };

	check_equal("not listed", query_protocol(1), 0);
	check_equal("QUERY", once(0, VTPM_CALL(SVSM_VTPM_QUERY), &regs),
		    (uint32_t)SVSM_ERR_UNSUPPORTED_PROTOCOL);
	check_equal("CMD", once(0, VTPM_CALL(SVSM_VTPM_CMD), &regs),
		    (uint32_t)SVSM_ERR_UNSUPPORTED_PROTOCOL);
}

/* All at once: each gets its own answer. */
static void storm(unsigned int cpu)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		if (tpm(cpu, get_random, 12) || buffers[cpu][4 + 11] != 16)
			wrong[cpu]++;
		if (tpm(cpu, clock_read, 10) || buffers[cpu][4 + 5] <= 10)
			wrong[cpu]++;
	}
}

static void together(unsigned int cpus)
{
	for (unsigned int i = 1; i < cpus; i++)
		check_true("vCPU started", vcpu_launch(i, storm));
	storm(0);
	for (unsigned int i = 1; i < cpus; i++)
		check_true("vCPU done", vcpu_wait(i));
	for (unsigned int i = 0; i < cpus; i++) {
		check_equal("wrong answers", wrong[i], 0);
		print("vtpm: vCPU %u: %u times busy, %u incomplete\n", i,
		      busy[i], incomplete[i]);
	}
}

int guest_main(void)
{
	const char *word = machine_option("vcpus=");

	if (machine_option("none=")) {
		absent();
		return check_report("vtpm");
	}
	if (machine_option("bench")) {
		bench();
		return 0;
	}
	query();
	refused();
	session();
	if (word && *word > '1' && *word <= '8')
		together((unsigned int)(*word - '0'));
	return check_report("vtpm");
}
