/* SPDX-License-Identifier: MIT */
/* The chosen platform: one sealed pointer. */
#include "kernel/base/platform.h"

#include "kernel/base/once.h"

sealed const struct platform_ops *platform;

void platform_select(const struct platform_ops *ops)
{
	platform = ops;
}
