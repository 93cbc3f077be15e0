/* SPDX-License-Identifier: MIT */
/* Two listening ports on 127.0.0.1, and whoever is connected to them. */
#pragma once

#include "lib/err.h"
#include "tools/tpm-bridge/simulator.h"

struct server {
	int listener[2]; /* by enum simulator_port; owned */
	unsigned int port;
	int signals; /* readable when it is time to end; the caller's */
};

/*
 * Listens on `port` for commands and on the next for the platform; 0 chooses
 * two that are free and stores which. ERR_HOST: said on stderr.
 */
must_check enum err server_listen(unsigned int port, struct server *out);

/*
 * Serves until a signal or a client ends it (OK) or the service breaks
 * (ERR_HOST). One request at a time; clients that send nonsense, or do not
 * take their answers, are dropped and hurt themselves alone.
 */
must_check enum err server_run(struct server *server, struct simulator *s);
