/* SPDX-License-Identifier: MIT */
/* One thread, one poll: a client can be slow, and keeps nobody waiting. */
#include "tools/tpm-bridge/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/common/say.h"

#define CLIENTS_MAX  32u
#define PORT_TRIES   200
#define FIRST_CLIENT 3u
#define DESCRIPTORS  (FIRST_CLIENT + CLIENTS_MAX)
#define PORT_LAST    65535u
#define LISTEN_QUEUE 16

struct client {
	int fd; /* -1: free */
	enum simulator_port port;
	uint64_t heard; /* turn of the last byte, for the oldest to go */
	size_t size;
	uint8_t input[SIMULATOR_INPUT_MAX];
};

static struct client clients[CLIENTS_MAX];
static uint64_t turn;

static int listen_on(unsigned int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	if (port)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    listen(fd, LISTEN_QUEUE) == 0)
		return fd;
	close(fd);
	return -1;
}

static unsigned int port_of(int fd)
{
	struct sockaddr_in at = { 0 };
	socklen_t size = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		return 0;
	return ntohs(at.sin_port);
}

static bool listen_both(unsigned int port, struct server *out)
{
	out->listener[SIMULATOR_COMMAND] = listen_on(port);
	if (out->listener[SIMULATOR_COMMAND] < 0)
		return false;
	out->port = port_of(out->listener[SIMULATOR_COMMAND]);
	if (out->port && out->port < PORT_LAST)
		out->listener[SIMULATOR_PLATFORM] = listen_on(out->port + 1);
	else
		out->listener[SIMULATOR_PLATFORM] = -1;
	if (out->listener[SIMULATOR_PLATFORM] >= 0)
		return true;
	close(out->listener[SIMULATOR_COMMAND]);
	return false;
}

enum err server_listen(unsigned int port, struct server *out)
{
	int tries = port ? 1 : PORT_TRIES;

	while (tries--)
		if (listen_both(port, out))
			return OK;
	say_error("cannot listen on ports %u and %u: %s", port, port + 1,
		  strerror(errno));
	return ERR_HOST;
}

static void client_drop(struct client *c)
{
	close(c->fd);
	explicit_bzero(c, sizeof(*c));
	c->fd = -1;
}

/* A free place, or that of the client who has been silent for longest. */
static struct client *place(void)
{
	struct client *oldest = &clients[0];

	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (clients[i].fd < 0)
			return &clients[i];
		if (clients[i].heard < oldest->heard)
			oldest = &clients[i];
	}
	client_drop(oldest);
	return oldest;
}

static void client_accept(int listener, enum simulator_port port)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c;
	int on = 1;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	c = place();
	c->fd = fd;
	c->port = port;
	c->heard = ++turn;
	c->size = 0;
}

/* An answer fits into an empty socket buffer: who has no room reads nothing. */
static bool reply(const struct client *c, const struct simulator_step *step)
{
	ssize_t n = send(c->fd, step->output, step->size,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	return n == (ssize_t)step->size;
}

/* Every whole request in the client's input. */
static enum simulator_verdict serve(struct client *c, struct simulator *s)
{
	struct simulator_step step;

	for (;;) {
		enum simulator_verdict v =
			simulator_serve(s, c->port, c->input, c->size, &step);

		if (step.size && !reply(c, &step) && v == SIMULATOR_DONE)
			v = SIMULATOR_CLOSE;
		explicit_bzero(step.output, step.size);
		if (v != SIMULATOR_DONE)
			return v;
		c->size -= step.used;
		memmove(c->input, c->input + step.used, c->size);
	}
}

static enum simulator_verdict client_turn(struct client *c, struct simulator *s)
{
	/* Room is left: a request that fills the buffer has been served. */
	ssize_t n = recv(c->fd, c->input + c->size, sizeof(c->input) - c->size,
			 MSG_DONTWAIT);
	int on = 1;

	/* Clients write a request in pieces, and wait for our word in between. */
	setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return SIMULATOR_MORE;
	if (n <= 0)
		return SIMULATOR_CLOSE;
	c->size += (size_t)n;
	c->heard = ++turn;
	return serve(c, s);
}

static void watch(const struct server *server, struct pollfd polls[DESCRIPTORS])
{
	polls[0] = (struct pollfd){ server->signals, POLLIN, 0 };
	for (size_t i = 0; i < 2; i++)
		polls[1 + i] =
			(struct pollfd){ server->listener[i], POLLIN, 0 };
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		polls[FIRST_CLIENT + i] =
			(struct pollfd){ clients[i].fd, POLLIN, 0 };
}

/* False: it is time to end, for the reason in *e. */
static bool clients_turn(const struct pollfd polls[DESCRIPTORS],
			 struct simulator *s, enum err *e)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &clients[i];
		enum simulator_verdict v = SIMULATOR_MORE;

		if (c->fd >= 0 && polls[FIRST_CLIENT + i].revents)
			v = client_turn(c, s);
		if (v == SIMULATOR_CLOSE)
			client_drop(c);
		*e = v == SIMULATOR_BROKEN ? ERR_HOST : OK;
		if (v == SIMULATOR_BROKEN || v == SIMULATOR_STOP)
			return false;
	}
	return true;
}

enum err server_run(struct server *server, struct simulator *s)
{
	struct pollfd polls[DESCRIPTORS];
	enum err e = OK;

	for (size_t i = 0; i < CLIENTS_MAX; i++)
		clients[i].fd = -1;
	for (;;) {
		watch(server, polls);
		if (poll(polls, DESCRIPTORS, -1) < 0 && errno != EINTR)
			return ERR_HOST;
		if (polls[0].revents)
			return OK;
		if (!clients_turn(polls, s, &e))
			return e;
		/* After the clients: a new one may take a place of theirs. */
		for (unsigned int i = 0; i < 2; i++)
			if (polls[1 + i].revents)
				client_accept(server->listener[i], i);
	}
}
