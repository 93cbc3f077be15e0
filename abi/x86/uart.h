/* SPDX-License-Identifier: MIT */
/*
 * The PC's serial ports: a 16550 UART's registers as offsets from its port
 * (National Semiconductor PC16550D, table II).
 */
#pragma once

#define UART_COM1 0x3f8u
#define UART_COM2 0x2f8u

#define UART_IER 1u
#define UART_FCR 2u
#define UART_LCR 3u
#define UART_MCR 4u
#define UART_LSR 5u

#define UART_LCR_8N1	  0x03u
#define UART_FCR_ON_CLEAR 0x07u
#define UART_MCR_DTR_RTS  0x03u
#define UART_LSR_DATA	  (1u << 0)
#define UART_LSR_EMPTY	  (1u << 5)

#define UART_FIFO_SIZE 16u
