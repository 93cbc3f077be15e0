/* SPDX-License-Identifier: MIT */
/* A polled 16550 at COM2. Every size that comes is checked before it is used. */
#include "kernel/sys/bridge.h"

#include "abi/service.h"
#include "abi/sys.h"
#include "abi/x86/uart.h"
#include "hw/cpu.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/sys/clock.h"
#include "kernel/sys/service.h"
#include "lib/str.h"

#define PORT(reg) (UART_COM2 + (reg))
#define NO_PORT	  0xffu

/* Polls before the CPU sleeps, and for how long. */
#define POLLS	 10000u
#define SLEEP_US 2000u
/* The rest of a message that does not come is forgotten. */
#define REST_US	 5000000u

/* One message at a time: its bytes, and in the end the answer's. */
sealed static uint8_t *bytes;
sealed static struct service *vtpm;

static uint8_t in(uint16_t port)
{
	uint32_t value;

	return platform->io_read(port, 1, &value) == OK ? (uint8_t)value
							: NO_PORT;
}

static void out(uint16_t port, uint8_t value)
{
	if (platform->io_write(port, 1, value) != OK)
		panic("the second serial port went away");
}

bool bridge_init(void)
{
	vtpm = service_find("vtpm");
	if (!vtpm || in(PORT(UART_LSR)) == NO_PORT)
		return false;
	if (heap_pages(SYS_MESSAGE_MAX, (void **)&bytes) != OK)
		panic_memory("the bridge to the vTPM");
	out(PORT(UART_IER), 0);
	out(PORT(UART_FCR), UART_FCR_ON_CLEAR);
	out(PORT(UART_LCR), UART_LCR_8N1);
	out(PORT(UART_MCR), UART_MCR_DTR_RTS);
	return true;
}

static void doze(void)
{
	if (platform->timer_arm(SLEEP_US) == OK)
		platform->halt();
}

/* False: none came in time; 0: there is no limit. */
static bool byte_get(uint8_t *byte, uint64_t limit_us)
{
	uint64_t start = hw_rdtsc(), ticks = clock_ticks(limit_us);

	for (uint32_t i = 1;; i++) {
		if (in(PORT(UART_LSR)) & UART_LSR_DATA) {
			*byte = in(UART_COM2);
			return true;
		}
		if (limit_us && hw_rdtsc() - start > ticks)
			return false;
		if (i % POLLS == 0)
			doze();
	}
}

static bool get(void *to, uint32_t size, uint64_t first_limit_us)
{
	uint8_t *at = to;

	for (uint32_t i = 0; i < size; i++)
		if (!byte_get(&at[i], i ? REST_US : first_limit_us))
			return false;
	return true;
}

static void put(const void *from, uint32_t size)
{
	const uint8_t *at = from;

	for (uint32_t i = 0; i < size; i++) {
		while (i % UART_FIFO_SIZE == 0 &&
		       !(in(PORT(UART_LSR)) & UART_LSR_EMPTY))
			hw_pause();
		out(UART_COM2, at[i]);
	}
}

/* Past what is too large for a page, so that the next one is understood. */
static bool skip(uint32_t size)
{
	uint8_t byte;

	while (size--)
		if (!byte_get(&byte, REST_US))
			return false;
	return true;
}

static void page_copy(bool in_page, uint32_t size)
{
	struct tmpmap map = tmpmap_4k(service_page(vtpm), KMAP_WRITE);

	if (in_page)
		memcpy(map.va, bytes, size);
	else
		memcpy(bytes, map.va, size);
	tmpmap_drop(map);
}

/* The answer's result; *size bytes of it, and its bytes in their place. */
static uint32_t work(uint32_t *size)
{
	struct service_answer answer;
	enum service_end end;

	do {
		end = service_work(vtpm, &answer);
	} while (end == SERVICE_MORE);
	if (end != SERVICE_DONE || answer.size > SYS_MESSAGE_MAX)
		return SERVICE_FAILED;
	*size = answer.size;
	page_copy(false, answer.size);
	return answer.result;
}

static uint32_t ask(const struct sys_message *m, uint32_t *size)
{
	const struct service_caller caller = { bytes, 0, 0 };
	enum service_turn turn;
	uint32_t result;

	*size = 0;
	if (!m->op) /* nobody's: "are you there?" */
		return SERVICE_BAD_OP;
	do {
		turn = service_enter(vtpm, &caller);
	} while (turn == SERVICE_BUSY);
	if (turn == SERVICE_GONE)
		return SERVICE_FAILED;
	/* Each request of ours is followed to its end: none is under way. */
	ASSERT(turn == SERVICE_FREE);
	page_copy(true, m->size);
	service_request(vtpm, &caller, m->op, m->arg, m->size);
	result = work(size);
	service_leave(vtpm);
	return result;
}

static void serve(void)
{
	struct sys_message m;
	uint32_t size = 0;

	if (!get(&m, sizeof(m), 0))
		return;
	if (m.size > SYS_MESSAGE_MAX) {
		if (!skip(m.size))
			return;
		m.result = SERVICE_BAD_SIZE;
	} else {
		if (!get(bytes, m.size, REST_US))
			return;
		m.result = ask(&m, &size);
	}
	m.arg = 0;
	m.page = 0;
	m.size = size;
	put(&m, sizeof(m));
	put(bytes, size);
	/* Commands and answers hold secrets. */
	bytes_wipe(bytes, SYS_MESSAGE_MAX);
}

_Noreturn void bridge_run(void)
{
	for (;;)
		serve();
}
