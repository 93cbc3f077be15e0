# SPDX-License-Identifier: MIT
# kernel/mm/page.c: the page allocator without its lock
s/spin_lock(&[a-z_]*)/(void)0/
s/spin_unlock(&[a-z_]*)/(void)0/
