/* SPDX-License-Identifier: MIT */
/* What every service may answer: the result of struct sys_message. */
#pragma once

enum service_result {
	SERVICE_OK = 0,
	SERVICE_BAD_OP,	  /* no such operation */
	SERVICE_BAD_ARG,  /* the operation does not know this argument */
	SERVICE_BAD_SIZE, /* more or fewer bytes than the operation takes */
	SERVICE_FAILED,	  /* understood, and cannot be done */
};
