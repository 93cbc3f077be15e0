/* SPDX-License-Identifier: MIT */
/*
 * Errors inside Coir. Results go through a last pointer that is written only
 * on OK. What the guest is told is chosen at the guest's edge (abi/svsm).
 */
#pragma once

#define must_check __attribute__((warn_unused_result))

enum err {
	OK = 0,
	ERR_RANGE,	 /* an address, length or index is outside its bounds */
	ERR_ALIGN,	 /* not aligned as the callee demands */
	ERR_FORMAT,	 /* bytes from outside do not have the promised form */
	ERR_NOMEM,	 /* no memory left; nothing was changed */
	ERR_BUSY,	 /* in use now; the caller may try again */
	ERR_STATE,	 /* the object is not in the state the call needs */
	ERR_EXISTS,	 /* there already */
	ERR_ABSENT,	 /* not there */
	ERR_UNSUPPORTED, /* this platform or build cannot do it */
	ERR_HOST,	 /* the host refused or answered nonsense */
};
