/* SPDX-License-Identifier: MIT */
/* igvminfo: what an IGVM file says, in words and as a picture. */
#include "tools/igvminfo/info.h"

int main(int argc, char **argv)
{
	return info_run(argc, argv);
}
