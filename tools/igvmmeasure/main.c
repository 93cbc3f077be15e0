/* SPDX-License-Identifier: MIT */
/* igvmmeasure: the SEV-SNP launch digest of an IGVM file. */
#include "tools/igvmmeasure/measure.h"

int main(int argc, char **argv)
{
	return measure_run(argc, argv);
}
