#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# timeout: 120
"""tpm-bridge on trial: good clients are served while others send nonsense, half
requests, too much, or never read; power, reset and stop; other transports."""
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

BUILD = os.path.realpath(os.environ.get("BUILD") or "build")
BRIDGE, SERVICE = BUILD + "/bin/tpm-bridge", BUILD + "/services/vtpm"
STARTUP = bytes.fromhex("80010000000c000001440000")
RANDOM = bytes.fromhex("80010000000c0000017b0010")
PCR_READ = bytes.fromhex("8001000000140000017e00000001000b03000001")
INITIALIZE, OK = 0x100, 0


class Bridge:
    def __init__(self, *args, **more):
        self.p = subprocess.Popen([BRIDGE, "-p", "0", *args], text=True,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, **more)
        words = self.p.stdout.readline().split()
        assert words[:2] == ["tpm-bridge:", "ports"], words
        self.port = int(words[2])

    def connect(self, platform=False):
        s = socket.create_connection(("127.0.0.1", self.port + platform), 20)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def end(self, status=0):
        if self.p.poll() is None:
            self.p.send_signal(signal.SIGTERM)
        said = self.p.communicate(timeout=20)[1]
        assert self.p.returncode == status, (self.p.returncode, said)
        return said


def take(s, size):
    got = b""
    while len(got) < size:
        more = s.recv(size - len(got))
        assert more, "closed"
        got += more
    return got


def u32(s):
    return struct.unpack(">I", take(s, 4))[0]


def request(command, locality=0):
    return struct.pack(">IBI", 8, locality, len(command)) + command


def answer(s):
    size = u32(s)
    got = take(s, size)
    assert u32(s) == 0
    return got


def code(s, command):
    s.sendall(request(command))
    got = answer(s)
    assert struct.unpack(">I", got[2:6])[0] == len(got)
    return struct.unpack(">I", got[6:10])[0]


def platform(s, number):
    s.sendall(struct.pack(">I", number))
    return u32(s)


def closed(s):
    """Within its time-out: the bridge hung up."""
    try:
        while s.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True


def power(b):
    s, p = b.connect(), b.connect(True)
    assert platform(p, 1) == 0 and platform(p, 11) == 0
    assert code(s, STARTUP) == OK
    # On is on: saying it again resets nothing.
    assert platform(p, 1) == 0 and code(s, RANDOM) == OK
    assert platform(p, 17) == 0 and code(s, RANDOM) == INITIALIZE
    assert code(s, STARTUP) == OK and platform(p, 2) == 0
    s.sendall(request(RANDOM))
    assert answer(s) == b""
    assert platform(p, 1) == 0 and code(s, RANDOM) == INITIALIZE
    assert code(s, STARTUP) == OK
    for ignored in (4, 9, 10):
        assert platform(p, ignored) == 0
    s.sendall(struct.pack(">II", 15, 1))
    assert (u32(s), u32(s), u32(s)) == (1, 1, 0)
    s.sendall(struct.pack(">I", 20))
    assert closed(s)


def pieces(b):
    s = b.connect()
    for byte in request(RANDOM):
        s.sendall(bytes([byte]))
    assert len(answer(s)) == 28
    # Several at once, whole.
    s.sendall(request(RANDOM) * 7)
    assert [len(answer(s)) for _ in range(7)] == [28] * 7


def nonsense(b, good):
    for bad in (struct.pack(">I", 0), struct.pack(">I", 0xffffffff),
                struct.pack(">I", 5), struct.pack(">IBI", 8, 0, 4088),
                struct.pack(">IBI", 8, 0, 0xffffffff),
                request(RANDOM, locality=5), b"GET / HTTP/1.0\r\n\r\n"):
        s = b.connect()
        s.sendall(bad)
        assert closed(s), bad
        assert code(good, RANDOM) == OK
    dice = random.Random(1)
    for _ in range(200):
        s = b.connect(dice.random() < 0.3)
        noise = dice.randbytes(dice.randrange(64))
        if dice.random() < 0.5:
            noise = struct.pack(">I", dice.randrange(20)) + noise
        try:
            s.sendall(noise)
        except OSError:
            pass
        s.close()
    # What noise may have done: power off.
    p = b.connect(True)
    platform(p, 1)
    code(good, STARTUP)
    assert code(good, RANDOM) == OK


def crowd(b):
    """Half requests in every place; the newcomer is served all the same."""
    silent = [b.connect() for _ in range(60)]
    for s in silent:
        try:
            s.sendall(struct.pack(">IBI", 8, 0, 4087) + b"half")
        except OSError:
            pass
    s = b.connect()
    assert code(s, RANDOM) == OK
    for old in silent:
        old.close()


def glutton(b):
    """Asks, and asks, and never reads: dropped, and nobody waits for it."""
    s = b.connect()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(0.5)
    gone = False
    end = time.monotonic() + 40
    while not gone and time.monotonic() < end:
        try:
            s.sendall(request(RANDOM) * 50)
        except OSError:
            gone = True
    assert gone
    assert code(b.connect(), RANDOM) == OK


def other_transports():
    """A service that somebody else started, by descriptor and by socket."""
    mine, theirs = socket.socketpair()
    service = subprocess.Popen([SERVICE], stdin=theirs, stdout=theirs)
    theirs.close()
    b = Bridge("-c", f"fd:{mine.fileno()}", pass_fds=[mine.fileno()])
    mine.close()
    platform(b.connect(True), 1)
    assert code(b.connect(), STARTUP) == OK
    b.end()
    assert service.wait(20) == 0
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        listener = socket.socket(socket.AF_UNIX)
        # A short name: paths of sockets are bounded.
        here = os.getcwd()
        os.chdir(folder)
        listener.bind("s")
        listener.listen(1)
        p = subprocess.Popen([BRIDGE, "-p", "0", "-c", "unix:s"],
                             stdout=subprocess.PIPE)
        os.chdir(here)
        conn = listener.accept()[0]
        service = subprocess.Popen([SERVICE], stdin=conn, stdout=conn)
        conn.close()
        assert p.stdout.readline().startswith(b"tpm-bridge: ports")
        p.send_signal(signal.SIGTERM)
        assert p.wait(20) == 0 and service.wait(20) == 0


def serial_line():
    """A terminal line: every byte value must come through as it is."""
    master, slave = os.openpty()
    service = subprocess.Popen([SERVICE], stdin=master, stdout=master)
    b = Bridge("-c", "serial:" + os.ttyname(slave))
    platform(b.connect(True), 1)
    s = b.connect()
    assert code(s, STARTUP) == OK
    for _ in range(100):
        assert code(s, RANDOM) == OK
    seen = set()
    for _ in range(300):
        s.sendall(request(RANDOM))
        seen |= set(answer(s)[12:])
    assert len(seen) == 256, len(seen)
    b.end()
    service.kill()
    service.wait(20)


def lying_service(answer_bytes, words):
    """The far side is not trusted, either."""
    mine, theirs = socket.socketpair()
    theirs.sendall(answer_bytes)
    p = subprocess.run([BRIDGE, "-p", "0", "-t", "1", "-c",
                        f"fd:{mine.fileno()}"], pass_fds=[mine.fileno()],
                       capture_output=True, text=True, timeout=20)
    assert p.returncode == 3 and words in p.stderr, p


def main():
    b = Bridge()
    power(b)
    good = b.connect()
    platform(b.connect(True), 1)
    pieces(b)
    nonsense(b, good)
    crowd(b)
    glutton(b)
    s = b.connect(True)
    s.sendall(struct.pack(">I", 21))
    b.p.wait(20)
    b.end()
    # A service that dies takes the bridge with it, and it says so.
    b = Bridge()
    with open(f"/proc/{b.p.pid}/task/{b.p.pid}/children") as f:
        children = f.read().split()
    assert len(children) == 1, children
    os.kill(int(children[0]), signal.SIGKILL)
    s = b.connect()
    platform(b.connect(True), 1)
    s.sendall(request(RANDOM))
    b.p.wait(20)
    assert "the service" in b.end(status=3)
    other_transports()
    serial_line()
    message = struct.pack("<IIIIQ", 0, 1, 0, 4097, 0)
    lying_service(message, "makes no sense")
    lying_service(struct.pack("<IIIIQ", 7, 1, 0, 0, 0), "makes no sense")
    lying_service(message[:11], "does not answer")
    print("ok tpm-bridge")


if __name__ == "__main__":
    sys.exit(main())
