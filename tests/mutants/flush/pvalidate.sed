# SPDX-License-Identifier: MIT
# kernel/proto/pvalidate.c: rescinded pages stay in other vCPUs' TLBs
/if (narrowed)/,+1d
