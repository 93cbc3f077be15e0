#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Latency of the vTPM service on this computer beside Debian's swtpm.

usage: bench-tpm.py [ROUNDS]. Nine commands, both TPMs in turn, in one run: the
ratio is what counts, the times are this machine's. To $BUILD/bench-tpm.json.
RSA keys are other ones each time, so their median is one of many primes.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

BUILD = os.path.realpath(os.environ.get("BUILD") or "build")


def start_swtpm(folder):
    """swtpm on a socket in folder."""
    p = subprocess.Popen(
        ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}",
         "--server", f"type=unixio,path={folder}/s",
         "--flags", "not-need-init"], stdin=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while not os.path.exists(folder + "/s"):
        if p.poll() is not None or time.monotonic() > end:
            p.kill()
            sys.exit("bench-tpm: swtpm did not start")
        time.sleep(0.05)
    return p


def measure(rounds):
    # A short path: sockets' are bounded.
    with tempfile.TemporaryDirectory(prefix="tpm.") as folder:
        swtpm = start_swtpm(folder)
        try:
            out = subprocess.run(
                [BUILD + "/tpm/latency", folder + "/s", rounds],
                stdout=subprocess.PIPE, text=True, timeout=900,
                env={**os.environ, "BUILD": BUILD}, check=True).stdout
        finally:
            swtpm.terminate()
            swtpm.wait(20)
    return json.loads(out)


def main():
    if not shutil.which("swtpm"):
        sys.exit("bench-tpm: no swtpm; scripts/deps.sh bench installs it")
    rows = measure(sys.argv[1] if len(sys.argv) > 1 else "300")
    print(f"{'median of a command, us':26} {'Coir':>10} {'swtpm':>10} ratio")
    for r in rows:
        r["ratio"] = round(r["ours_us"] / r["swtpm_us"], 2)
        print(f"{r['name']:26} {r['ours_us']:10.1f} {r['swtpm_us']:10.1f}"
              f" {r['ratio']:5.2f}")
    path = pathlib.Path(BUILD) / "bench-tpm.json"
    path.write_text(json.dumps(rows, indent=1) + "\n")
    print(f"to {path}")


if __name__ == "__main__":
    main()
