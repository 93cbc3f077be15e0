/* SPDX-License-Identifier: MIT */
/*
 * Signals as fast as CPUs can send them: flood=ROUNDS cpus=N on the command line
 * of the test kernel. Each CPU owns a lane and reads those of all others. While
 * it waits for them it sends each of them signals to wake and NMIs that ask for
 * nothing, flushes all, looks at pages that are there or not, and then rests
 * until it is called: a signal that is lost stops the test. blind=1: without
 * any flush, as proof that what is stale is seen.
 */
#pragma once

void flood_test(const char *rounds);
