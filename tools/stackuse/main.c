/* SPDX-License-Identifier: MIT */
/* stackuse: how deep the stacks of a kernel can get. */
#include "tools/stackuse/run.h"

int main(int argc, char **argv)
{
	return stackuse_run(argc, argv);
}
