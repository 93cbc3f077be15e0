/* SPDX-License-Identifier: MIT */
/* The exceptions first, by port; all others go to the machine. */
#include "emu/port.h"

#include "emu/fwcfg.h"
#include "emu/log.h"
#include "emu/stop.h"
#include "hw/io.h"

#define PORT_A20       0x92u
#define A20_ON	       0x02u
#define PORT_SMI       0xb2u
#define SMI_ACPI_ON    0x02u
#define SMI_ACPI_OFF   0x03u
#define PORT_LOG       0xe9u
#define PORT_EXIT      0xf4u
#define EXIT_GUEST_MAX 63u
#define PORT_VMWARE    0x5658u
#define PCI_ADDRESS    0xcf8u
#define PCI_DATA       0xcfcu
/* ICH9 LPC bridge 00:1f.0, register 40h: base of the ACPI ports. */
#define LPC_PMBASE     0x8000f840u
#define PM1_CONTROL    4u
#define SCI_EN	       1u

static uint32_t raw_in(uint16_t port, unsigned int size)
{
	if (size == 1)
		return hw_inb(port);
	return size == 2 ? hw_inw(port) : hw_inl(port);
}

static void raw_out(uint16_t port, unsigned int size, uint32_t value)
{
	if (size == 1)
		hw_outb(port, (uint8_t)value);
	else if (size == 2)
		hw_outw(port, (uint16_t)value);
	else
		hw_outl(port, value);
}

/*
 * An SMI would run QEMU's firmware in the middle of the guest, through our
 * nested tables. What ACPI wants from it is one bit, which we set ourselves.
 */
static void smi(uint8_t command)
{
	uint32_t address = hw_inl(PCI_ADDRESS);
	uint16_t base, control;

	if (command != SMI_ACPI_ON && command != SMI_ACPI_OFF)
		return;
	hw_outl(PCI_ADDRESS, LPC_PMBASE);
	base = hw_inw(PCI_DATA) & 0xff80u;
	hw_outl(PCI_ADDRESS, address);
	if (!base)
		return;
	control = hw_inw(base + PM1_CONTROL) & (uint16_t)~SCI_EN;
	if (command == SMI_ACPI_ON)
		control |= SCI_EN;
	hw_outw(base + PM1_CONTROL, control);
}

static uint32_t fwcfg_in(unsigned int size)
{
	uint32_t v = 0;

	/* The data port is a byte wide; wider reads take bytes in order. */
	for (unsigned int i = 0; i < size; i++)
		v |= (uint32_t)fwcfg_byte() << 8 * i;
	return v;
}

uint32_t port_in(uint16_t port, unsigned int size)
{
	switch (port) {
	case FWCFG_DATA:
		return fwcfg_in(size);
	case CMOS_DATA:
		return cmos_read();
	case PORT_LOG:
	case PORT_VMWARE: /* would answer in registers, our own */
		return ~0u >> (32 - 8 * size);
	default:
		break;
	}
	if (port >= FWCFG_DMA && port <= FWCFG_DMA_LAST)
		return 0;
	return raw_in(port, size);
}

static void guest_exit(uint8_t status)
{
	log_line("the guest ended itself with status %u", status);
	stop_quietly(status > EXIT_GUEST_MAX ? EXIT_GUEST_MAX : status);
}

void port_out(uint16_t port, unsigned int size, uint32_t value)
{
	switch (port) {
	case PORT_EXIT:
		guest_exit((uint8_t)value);
		return;
	case PORT_LOG:
	case PORT_VMWARE:
		return;
	case FWCFG_SELECTOR:
		fwcfg_select((uint16_t)value);
		return;
	case CMOS_INDEX:
		cmos_select((uint8_t)value);
		if (size > 1)
			hw_outb(CMOS_DATA, (uint8_t)(value >> 8));
		return;
	case PORT_A20:
		value |= A20_ON;
		break;
	case PORT_SMI:
		smi((uint8_t)value);
		return;
	default:
		break;
	}
	if (port >= FWCFG_DMA && port <= FWCFG_DMA_LAST)
		return;
	raw_out(port, size, value);
}
