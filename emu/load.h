/* SPDX-License-Identifier: MIT */
/*
 * The launch: machine.igvm is carried out as host and security processor do
 * (spec/igvm.md section 3, spec/snp.md section 11). Needs RAM, RMP, vCPUs.
 */
#pragma once

/*
 * On return vCPU 0 is about to run the image's first instruction. A file that
 * cannot be launched ends the machine: one line with the file's offset.
 */
void load_guest(void);
