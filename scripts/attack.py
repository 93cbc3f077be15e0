#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the scenarios of docs/attacks.md: a host that attacks the emulated machine.

usage: attack.py [WORD...]     the one of this name, or all whose family or name
                               holds one of the words
       attack.py --storm N     seeds 1 to N of a host that answers at random
Environment: BUILD, SVSM (another kernel), WORK (where images and logs go),
ATTACK_SECONDS (for each machine).
Each scenario prints one line; exit 0 if all ended as they must.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys

BUILD = os.environ.get("BUILD") or "build"
SVSM = os.environ.get("SVSM") or f"{BUILD}/bin/coir-svsm.elf"
WORK = pathlib.Path(os.environ.get("WORK") or f"{BUILD}/attack")
SECONDS = int(os.environ.get("ATTACK_SECONDS") or 90)
PAGE = pathlib.Path("docs/attacks.md")

# Images: CPUs, the guest's command line, options of igvmbuild.
IMAGES = {
    "1": (1, "cpus=1", []),
    "2": (2, "cpus=2", []),
    "2/1": (2, "cpus=1", []),
    "psc": (1, "cpus=1", ["--required", "40K"]),
    "tpm": (1, "cpus=1 tpm", ["--service", f"{BUILD}/services/vtpm"]),
}
# Scenarios that may end in many ways, and in which.
RANDOM = ("random-page", "random-msr")
RANDOM_STATUS = (0, 100, 101, 102, 104)
# What a refused attack leaves: a guest that found all in order.
ALL_RIGHT = r"^attacked: [1-9]\d* passed, 0 failed"
NO_REFUSAL = r"^attacked: 0 refusals"

Scenario = collections.namedtuple(
    "Scenario", "family name image outcome status text words")


def scenarios():
    """Rows of the page's tables; a heading names the family."""
    family = ""
    for line in PAGE.read_text().splitlines():
        if line.startswith("### "):
            family = line[4:].split(":")[0].strip()
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) != 6 or not re.fullmatch(r"`[\w=@-]+`", cells[0]):
            continue
        name, image, outcome, status, text, words = cells
        if outcome not in ("refused", "stopped") or image not in IMAGES:
            sys.exit(f"{PAGE}: what is this? {line}")
        yield Scenario(family, name.strip("`"), image, outcome, int(status),
                       text.strip("`").replace(r"\|", "|"), words)


def known():
    """Names of the emulator's tables."""
    names = set()
    for f in pathlib.Path("emu/attack").glob("*.c"):
        names |= set(re.findall(r'^\t\{ "([\w-]+)"', f.read_text(), re.M))
    return names


def image(name):
    path = WORK / f"{name.replace('/', '-')}.igvm"
    if name not in image.made:
        cpus, cmdline, options = IMAGES[name]
        subprocess.run([f"{BUILD}/bin/igvmbuild", "--platform", "snp",
                        "--svsm", SVSM, "--guest",
                        f"{BUILD}/guest/attacked.bin", "--cpus", str(cpus),
                        "--cmdline", cmdline, "--output", str(path),
                        *options], check=True)
        image.made.add(name)
    return path


image.made = set()


def run(s, *options):
    """Exit status, all that was said."""
    stem = WORK / re.sub(r"\W", "-", s.name)
    option = s.name if "=" in s.name else f"attack={s.name}"
    status = subprocess.run(
        [f"{BUILD}/bin/coir-vm", str(image(s.image)), "--cpus",
         str(IMAGES[s.image][0]), "--memory", "512M", "--timeout",
         str(SECONDS), "--threads", "each", "--serial", f"{stem}.serial", "--log", f"{stem}.log",
         "--option", option, *options],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    said = "".join(pathlib.Path(f"{stem}.{end}").read_text(errors="replace")
                   for end in ("serial", "log") if
                   pathlib.Path(f"{stem}.{end}").exists())
    return status, said.replace("\r", "")


def has(pattern, said):
    return re.search(pattern, said, re.M)


def wrong_with(s, status, said):
    """Why it did not end as it must; None: it did."""
    if status != s.status:
        return f"status {status}, not {s.status}"
    if s.text and not has(s.text, said):
        return f"nowhere '{s.text}'"
    if has(r"^FAILED|, [1-9]\d* failed", said):
        return "the guest found something wrong"
    if s.outcome == "refused":
        if not has(ALL_RIGHT, said):
            return "the guest did not find all in order"
        if "refus" not in s.text and not has(NO_REFUSAL, said):
            return "answers were refusals"
    elif has(ALL_RIGHT, said):
        return "it went on to the end"
    if "=" in s.name:
        return None
    # An attack that did not happen proves nothing.
    steps = re.findall(r"^emu: attack: .* done (\d+) times", said, re.M)
    if not steps or "0" in steps:
        return f"the attack was not made (steps done: {steps})"
    return None


def storm(seeds):
    """Any end but a wrong answer, or none at all."""
    ends, bad = collections.Counter(), 0
    for seed in range(1, seeds + 1):
        name = RANDOM[seed % 2]
        s = Scenario("random", name, "psc" if seed % 4 < 2 else "tpm", "",
                     0, "", "")
        status, said = run(s, "--option", f"seed={seed}")
        ends[status] += 1
        if status in RANDOM_STATUS and (status or has(ALL_RIGHT, said)) \
                and not has(r"^FAILED|, [1-9]\d* failed", said):
            continue
        bad += 1
        print(f"FAILED {name} on {s.image}, seed {seed}: status {status}")
        print("\n".join("    " + x for x in said.splitlines()[-12:]))
    print(f"{seeds} seeds, {bad} ended wrongly; statuses: "
          f"{dict(sorted(ends.items()))}")
    sys.exit(bad != 0)


def main():
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    words = [w for w in sys.argv[1:] if w]
    WORK.mkdir(parents=True, exist_ok=True)
    if words[:1] == ["--storm"]:
        storm(int(words[1]))
    every = list(scenarios())
    missing = (known() - set(RANDOM)) ^ {s.name for s in every if "=" not in s.name}
    if missing:
        sys.exit(f"in {PAGE} or in emu/attack, not in both: {missing}")
    chosen = [s for s in every if s.name in words] or [
        s for s in every if not words or
        any(w in s.family or w in s.name for w in words)]
    good = 0
    for s in chosen:
        status, said = run(s)
        why = wrong_with(s, status, said)
        good += not why
        print(f"{s.outcome if not why else 'FAILED':8}{s.family}: {s.name}: "
              f"{why or s.words}", flush=True)
        if why:
            print("\n".join("    " + x for x in said.splitlines()[-12:]))
    print(f"{good} of {len(chosen)} scenarios ended as they must")
    sys.exit(good != len(chosen) or not chosen)


if __name__ == "__main__":
    main()
