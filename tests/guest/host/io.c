/* SPDX-License-Identifier: MIT */
/* Ports and memory-mapped devices through the host. */
#include "tests/guest/host/host.h"

#include "abi/x86/apic.h"
#include "lib/str.h"

#define PORT(n)		 ((uint64_t)(n) << IOIO_PORT_SHIFT)
#define CMOS_INDEX	 0x70u
#define CMOS_DATA	 0x71u
#define PCI_ADDRESS	 0xcf8u
#define PCI_DATA	 0xcfcu
#define SCRATCH_REGISTER 0x3ffu /* of the first serial port */
#define FWCFG_SELECT	 0x510u
#define FWCFG_DATA	 0x511u
#define BUFFER		 ((uint64_t)host_ghcb.shared_buffer)

static struct host_call io(uint64_t info1, uint64_t rax)
{
	return (struct host_call){ .code = GHCB_NAE_IOIO,
				   .info1 = info1,
				   .rax = rax,
				   .scratch = BUFFER,
				   .give = GIVE_CALL | GIVE_RAX |
					   GIVE_SCRATCH };
}

static void out(uint64_t info1, uint64_t rax)
{
	struct host_call c = io(info1, rax);

	host_ok("OUT", &c);
}

static uint64_t in(uint64_t info1)
{
	struct host_call c = io(info1 | IOIO_IN, ~0ull);

	host_ok("IN", &c);
	check_true("IN answers RAX", host_returned(GHCB_BIT(rax)));
	return host_ghcb.rax;
}

static void test_ports(void)
{
	out(PORT(SCRATCH_REGISTER) | IOIO_SIZE_8, 0xa5);
	check_equal("byte", in(PORT(SCRATCH_REGISTER) | IOIO_SIZE_8), 0xa5);
	out(PORT(PCI_ADDRESS) | IOIO_SIZE_32, 0x80000000);
	check_equal("double word", in(PORT(PCI_DATA) | IOIO_SIZE_32),
		    0x29c08086);
	check_equal("word", in(PORT(PCI_DATA + 2) | IOIO_SIZE_16), 0x29c0);
	/* Address size and segment bits change nothing. */
	check_equal("with address size",
		    in(PORT(PCI_DATA) | IOIO_SIZE_16 | 1u << 9 | 3u << 10),
		    0x8086);
	check_equal("the emulator's own log", in(PORT(0xe9) | IOIO_SIZE_8),
		    0xff);
}

static void test_strings(void)
{
	struct host_call c = io(PORT(SCRATCH_REGISTER) | IOIO_SIZE_8 |
					IOIO_STRING | IOIO_REP,
				0);

	memcpy(host_ghcb.shared_buffer, "abc", 3);
	c.info2 = 3;
	host_ok("OUTS", &c);
	check_equal("OUTS", in(PORT(SCRATCH_REGISTER) | IOIO_SIZE_8), 'c');
	c.info1 |= IOIO_IN;
	c.info2 = GHCB_BUFFER_SIZE;
	host_ok("INS", &c);
	check_equal("INS, last byte",
		    host_ghcb.shared_buffer[GHCB_BUFFER_SIZE - 1], 'c');
	c.info2 = GHCB_BUFFER_SIZE + 1;
	host_malformed("INS past the buffer", &c, GHCB_ERR_INVALID_SCRATCH);
	c.info2 = 1ull << 63;
	host_malformed("INS without end", &c, GHCB_ERR_INVALID_INPUT);
	c.info2 = 0;
	host_ok("INS of nothing", &c);
	c.info2 = 4;
	c.scratch = SHARED_PAGE;
	host_malformed("scratch elsewhere", &c, GHCB_ERR_INVALID_SCRATCH);
	c.version = 1;
	host_ok("scratch elsewhere, version 1", &c);
	c.scratch = NO_RAM;
	host_malformed("scratch is no memory", &c, GHCB_ERR_INVALID_SCRATCH);
	c.scratch = (uint64_t)&c & ~0xfull;
	host_malformed("scratch is private", &c, GHCB_ERR_INVALID_SCRATCH);
}

static void test_bad(void)
{
	static const uint64_t bad[] = {
		PORT(0x80), /* no size */
		PORT(0x80) | IOIO_SIZE_8 | IOIO_SIZE_16,
		PORT(0x80) | IOIO_SIZE_8 | 1u << 1,
		PORT(0x80) | IOIO_SIZE_8 | 1ull << 40,
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct host_call c = io(bad[i], 0);

		host_malformed("IOIO", &c, GHCB_ERR_INVALID_INPUT);
	}
}

/* Memory ends where the guest's ends; the emulator's files are not there. */
static void test_filtered(void)
{
	uint64_t id = 0, size = 0;

	out(PORT(FWCFG_SELECT) | IOIO_SIZE_16, 0x01);
	for (unsigned int i = 0; i < 4; i++)
		id |= in(PORT(FWCFG_DATA) | IOIO_SIZE_8) << 8 * i;
	check_equal("fw_cfg without DMA", id, 1);
	out(PORT(FWCFG_SELECT) | IOIO_SIZE_16, 0x08);
	for (unsigned int i = 0; i < 4; i++)
		size |= in(PORT(FWCFG_DATA) | IOIO_SIZE_8) << 8 * i;
	check_equal("fw_cfg holds no kernel", size, 0);
	out(PORT(CMOS_INDEX) | IOIO_SIZE_8, 0x35);
	size = in(PORT(CMOS_DATA) | IOIO_SIZE_8) << 8;
	out(PORT(CMOS_INDEX) | IOIO_SIZE_8, 0x34);
	size |= in(PORT(CMOS_DATA) | IOIO_SIZE_8);
	check_true("CMOS ends at 512 MiB", size <= (512 - 16) * 16);
}

void test_io(void)
{
	test_ports();
	test_strings();
	test_bad();
	test_filtered();
}

static struct host_call mmio(bool write, uint64_t gpa, uint64_t size)
{
	return (struct host_call){
		.code = write ? GHCB_NAE_MMIO_WRITE : GHCB_NAE_MMIO_READ,
		.info1 = gpa,
		.info2 = size,
		.scratch = BUFFER,
		.give = GIVE_CALL | GIVE_SCRATCH,
	};
}

void test_mmio(void)
{
	struct host_call c = mmio(false, APIC_DEFAULT_BASE + APIC_VERSION, 4);
	uint32_t value;

	host_ok("read of the local APIC", &c);
	memcpy(&value, host_ghcb.shared_buffer, 4);
	check_equal("local APIC version", value & 0xf0, 0x10);
	c = mmio(true, SHARED_PAGE, 8);
	memcpy(host_ghcb.shared_buffer, "deadbeef", 8);
	host_ok("write of shared memory", &c);
	c = mmio(false, SHARED_PAGE + 4, 4);
	host_ok("read of shared memory", &c);
	check_equal("shared memory", memcmp(host_ghcb.shared_buffer, "beef", 4),
		    0);
	c = mmio(true, (uint64_t)&value & ~0xfffull, 4);
	host_malformed("write of private memory", &c, GHCB_ERR_INVALID_INPUT);
	c = mmio(false, (uint64_t)&value & ~0xfffull, 4);
	host_malformed("read of private memory", &c, GHCB_ERR_INVALID_INPUT);
	/* Right behind the guest's 512 MiB lies the emulator itself. */
	c = mmio(false, 512ull << 20, 8);
	host_malformed("read of the emulator", &c, GHCB_ERR_INVALID_INPUT);
	c = mmio(true, 520ull << 20, 8);
	host_malformed("write of the emulator", &c, GHCB_ERR_INVALID_INPUT);
	c = mmio(false, SHARED_PAGE, 0);
	host_malformed("no bytes", &c, GHCB_ERR_INVALID_INPUT);
	c = mmio(false, ~0ull - 2, 8);
	host_malformed("wrapping", &c, GHCB_ERR_INVALID_INPUT);
	c = mmio(false, SHARED_PAGE, 8);
	c.scratch = BUFFER + GHCB_BUFFER_SIZE - 7;
	host_malformed("past the buffer", &c, GHCB_ERR_INVALID_SCRATCH);
}
