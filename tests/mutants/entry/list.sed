# SPDX-License-Identifier: MIT
# kernel/proto/pvalidate.c: a list that only validates flushes, too
s|if (narrowed)|if (1)|
