# SPDX-License-Identifier: MIT
# kernel/proto/list.c: a list may have more entries than its page has room
s/header->entries > room || //
