/* SPDX-License-Identifier: MIT */
/* Exception vectors and event injection. AMD APM vol 2, 8.2 and 15.20. */
#pragma once

#define TRAP_DE	       0
#define TRAP_DB	       1
#define TRAP_NMI       2
#define TRAP_BP	       3
#define TRAP_OF	       4
#define TRAP_UD	       6
#define TRAP_NM	       7
#define TRAP_DF	       8
#define TRAP_TS	       10
#define TRAP_NP	       11
#define TRAP_SS	       12
#define TRAP_GP	       13
#define TRAP_PF	       14
#define TRAP_MF	       16
#define TRAP_AC	       17
#define TRAP_MC	       18
#define TRAP_XF	       19
#define TRAP_CP	       21
#define TRAP_HV	       28
#define TRAP_VC	       29
#define TRAP_SX	       30
#define TRAP_FIRST_IRQ 32
