/* SPDX-License-Identifier: MIT */
/*
 * CPUs that no longer answer: deaf=MASK cpus=N on the command line of the test
 * kernel. After some flushes that all answer, each CPU whose bit is set stays in
 * the handler of an NMI, where no other NMI can come; then flushers=K CPUs (1)
 * flush, the first of which are not deaf. The VM must end, and name them. With
 * falls=CPU that one panics meanwhile; with deaf=0 nobody is deaf, and it passes.
 */
#pragma once

void deaf_test(const char *mask);

/* An NMI came to this CPU: it may not come back. */
void deaf_nmi(void);
