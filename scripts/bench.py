#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Figures of the SVSM, printed beside those to beat and kept as JSON.

Instruction counts are exact: QEMU's -icount makes the TSC count instructions,
and the machine reports those executed at VMPL0, emulation excluded. They are
taken twice and must be the same. Seconds are not exact; they are compared
only within one run.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
BIN = BUILD / "bin"
QEMU = os.environ.get("QEMU", "qemu-system-x86_64")

# name: (what, unit, COCONUT-SVSM of 2026-08-20 counted the same way, aim)
FIGURES = {
    "query_protocol": ("QUERY_PROTOCOL, round trip", "insn", 441, 150),
    "pvalidate_1x4k": ("PVALIDATE, 1 x 4 KiB", "insn", 3594, None),
    "pvalidate_100x4k": ("PVALIDATE, 100 x 4 KiB", "insn", 184863, None),
    "pvalidate_further_4k": ("PVALIDATE, a further 4 KiB", "insn", 1831, 700),
    "pvalidate_1x2m": ("PVALIDATE, 1 x 2 MiB", "insn", 265126, None),
    "pvalidate_1x2m_beyond_clearing":
        ("PVALIDATE, 1 x 2 MiB beyond clearing", "insn", 2982, 1000),
    "rescind_1x4k": ("rescind 1 x 4 KiB", "insn", 3039, None),
    "rescind_100x4k": ("rescind 100 x 4 KiB", "insn", 129363, None),
    "rescind_further_4k": ("rescind a further 4 KiB", "insn", 1276, 430),
    "rescind_1x2m": ("rescind 1 x 2 MiB", "insn", None, None),
    "create_vcpu": ("CREATE_VCPU", "insn", 2177, None),
    "delete_vcpu": ("DELETE_VCPU", "insn", 1831, None),
    "remap_ca": ("REMAP_CA", "insn", 5239, None),
    "launch": ("launch to guest, 243 guest pages", "insn", 1694959, 560000),
    "launch_quiet": ("the same, console off", "insn", None, None),
    "launch_all_512m": ("launch, all of 512 MiB validated", "insn", None,
                        None),
    "launch_all_2g": ("launch, all of 2 GiB validated", "insn", None, None),
    "per_vcpu": ("private memory per vCPU", "byte", 207872, 65536),
    "igvm_linux": ("IGVM file with Debian's Linux", "byte", None, None),
    "igvm_svsm": ("SVSM part of the image", "byte", 570520, 262144),
    "svsm_pages": ("measured pages of the SVSM", "page", 151, 75),
    "guest_pages": ("guest pages in the launch benchmark", "page", 243, None),
    "boot_coir": ("Linux to its shell under Coir", "s", None, None),
    "boot_plain": ("the same on plain QEMU TCG", "s", None, None),
    "boot_ratio": ("ratio", "x", None, 2),
}


def tool(name, *args):
    return subprocess.run([BIN / name, *map(str, args)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout


def image(path, *args):
    tool("igvmbuild", "--platform", "snp", "--svsm", BIN / "coir-svsm.elf",
         "--output", path, *args)
    return path


def bench_image(path, *args):
    return image(path, "--guest", BUILD / "guest/bench.bin", "--cpus", 1,
                 *args)


def machine(work, igvm, memory, *args):
    """One bounded run; its serial output and its log."""
    serial, log = work / "serial", work / "log"
    subprocess.run([BIN / "coir-vm", igvm, "--memory", memory, "--timeout",
                    "300", "--serial", serial, "--log", log, "--qemu", QEMU,
                    *map(str, args)], check=True, stdin=subprocess.DEVNULL)
    return serial.read_text(errors="replace"), log.read_text(errors="replace")


def lines_of(text):
    return {m[1]: int(m[2])
            for m in re.finditer(r"^bench (\S+) (\d+)\r?$", text, re.M)}


def exact(work, igvm, memory):
    """The guest's figures, taken twice."""
    runs = [lines_of(machine(work, igvm, memory, "--icount")[0])
            for _ in range(2)]
    if not runs[0] or runs[0] != runs[1]:
        sys.exit(f"bench: two runs differ or are empty: {runs}")
    if runs[0].pop("meter_2000") != 2000:
        sys.exit("bench: the machine's meter does not count instructions")
    return runs[0]


def sizes(work, figures, igvm):
    report = json.loads(tool("igvmmeasure", "--json", "--verbose", igvm))
    pages = [int(p["gpa"], 0) if isinstance(p["gpa"], str) else p["gpa"]
             for p in report["steps"]]
    base = 0x8000000
    ours = [p for p in pages if base <= p < base + (64 << 20)]
    figures["svsm_pages"] = len(ours)
    figures["guest_pages"] = len([p for p in pages if p < base])
    empty = work / "empty.bin"
    empty.write_bytes(bytes([0xf4]))
    alone = image(work / "alone.igvm", "--guest", empty, "--cpus", 1)
    # The file without its one-page guest and that guest's launch pages.
    figures["igvm_svsm"] = alone.stat().st_size - 4096


def per_vcpu(work):
    """What three more vCPUs take of the SVSM's memory, a third of it."""
    igvm = image(work / "four.igvm", "--guest", BUILD / "guest/bench.bin",
                 "--cpus", 4)
    used = []
    for cpus in 1, 4:
        text, _ = machine(work, igvm, "512M", "--cpus", cpus)
        used.append(int(re.search(r"(\d+) KiB used", text)[1]) * 1024)
    return (used[1] - used[0]) // 3


def seconds_to(command, marker, limit=300):
    """Wall time from start until a line with marker is printed."""
    start = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as child:
        took = None
        for line in child.stdout:
            if took is None and marker in line:
                took = time.monotonic() - start
            if time.monotonic() - start > limit:
                child.terminate()
        child.wait()
    if took is None:
        sys.exit(f"bench: no {marker!r} from {command[0]}")
    return took


def boots(work, figures):
    kernel = subprocess.run(["scripts/fetch-kernel.sh", "cloud"], check=True,
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    initrd = work / "initramfs.gz"
    subprocess.run(["scripts/initramfs.sh", initrd, kernel], check=True,
                   stdout=subprocess.DEVNULL)
    cmdline = "console=ttyS0 quiet coir.auto"
    igvm = image(work / "linux.igvm", "--kernel", kernel, "--initrd", initrd,
                 "--cmdline", cmdline, "--cpus", 1)
    figures["igvm_linux"] = igvm.stat().st_size
    marker = b"coir: guest is up"
    ours, plain = [], []
    for _ in range(3):
        ours.append(seconds_to(
            [BIN / "coir-vm", igvm, "--memory", "1G", "--timeout", "200",
             "--qemu", QEMU], marker))
        plain.append(seconds_to(
            ["timeout", "200", QEMU, "-accel", "tcg", "-cpu", "max,-cx16",
             "-machine", "q35", "-m", "1G", "-display", "none", "-serial",
             "stdio", "-no-reboot", "-kernel", kernel, "-initrd", initrd,
             "-append", cmdline], marker))
    figures["boot_coir"] = round(min(ours), 2)
    figures["boot_plain"] = round(min(plain), 2)
    figures["boot_ratio"] = round(min(ours) / min(plain), 2)


def show(figures):
    print(f"{'figure':44} {'Coir':>11} {'COCONUT':>10} {'aim':>9}")
    for name, (what, unit, theirs, aim) in FIGURES.items():
        if name not in figures:
            continue
        value = figures[name]
        verdict = "" if aim is None else ("  ok" if value <= aim else
                                          "  ABOVE THE AIM")
        print(f"{what:44} {value:>11} {theirs or '-':>10} {aim or '-':>9} "
              f"{unit}{verdict}")
    print("instructions: exact, two runs gave the same; seconds: best of 3, "
          "not exact")


def main():
    figures = {}
    work = pathlib.Path(tempfile.mkdtemp(dir=BUILD, prefix="bench."))
    try:
        igvm = bench_image(work / "bench.igvm")
        figures.update(exact(work, igvm, "512M"))
        sizes(work, figures, igvm)
        quiet = bench_image(work / "quiet.igvm", "--no-console")
        figures["launch_quiet"] = exact(work, quiet, "512M")["launch"]
        whole = bench_image(work / "all.igvm", "--validate-all",
                            "--cmdline", "launch-only")
        for memory in "512M", "2G":
            text, _ = machine(work, whole, memory, "--icount")
            figures["launch_all_" + memory.lower()] = lines_of(text)["launch"]
        figures["per_vcpu"] = per_vcpu(work)
        if "--no-boot" not in sys.argv:
            boots(work, figures)
    finally:
        shutil.rmtree(work)
    show(figures)
    (BUILD / "bench.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(f"written to {BUILD / 'bench.json'}")


main()
