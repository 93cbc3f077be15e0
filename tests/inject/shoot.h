/* SPDX-License-Identifier: MIT */
/*
 * Pages unmapped under the eyes of all CPUs: shoot=ROUNDS cpus=N on the command
 * line of the test kernel. With blind=1 nothing is flushed, and the test must
 * fail. With rest=1 CPUs sleep between rounds, so that most of them are not told
 * of a flush and catch up; in each 64th all are awake until they were told. With
 * late=1 the second CPU flushes while the first still starts the others, which
 * come with old translations; rounds count from when all are there.
 */
#pragma once

struct percpu;

void shoot_test(const char *rounds);

/* Before this CPU takes part in flushes. */
void shoot_apart(const struct percpu *cpu);
