#!/usr/bin/env python3
"""Verifying a package beside what others take for the same bytes: ratios of CPU and wall time.

    benches/transfer-verify.py SCRATCH [--small | --large] [--rounds N] [--program PATH]

SCRATCH is a folder with room for twice the data. --small is 2 GiB in 20,000 files (the package has some
60,000, with the metadata of each), --large one file of 8 GiB; without either both are run. Compared are:

- bare hashing: `openssl dgst -sha256` over every file of the package, which uses the processor's SHA
  instructions and does nothing but read and hash;
- `bagit.py --validate --processes 2` (pip install bagit), where it is installed;
- `archive`'s verification, by the example of archive-transfer (cargo build --release -p archive-transfer
  --example package), which makes the package too.

The tools take turns, and the least of the rounds counts: so a busy machine disturbs the ratios little, the
wall times more than the CPU times. Exits with 1 where a promise isn't kept: CPU at most 1.2 times bare
hashing, wall time at most a third of bagit.py's, memory under 100 MB.
"""

import argparse
import os
import subprocess
import sys
import time

GIB = 1 << 30


def scans(folder, files, size):
    """Files that don't compress and all differ, in folders of a hundred."""
    if os.path.isdir(folder):
        return
    seed = os.urandom(4 << 20)
    for number in range(files):
        volume = os.path.join(folder, f"v{number // 100:03d}")
        os.makedirs(volume, exist_ok=True)
        with open(os.path.join(volume, f"{number % 100:03d}.tif"), "wb") as file:
            file.write(b"II*\0" + number.to_bytes(8, "little"))
            left, start = size - 12, (number * 7919) % len(seed)
            while left > 0:
                piece = seed[start : start + left]
                file.write(piece)
                left, start = left - len(piece), 0


def measured(command, out):
    """CPU and wall seconds, and the peak memory in MB, of a command that must succeed."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1000


def run(name, package, program, rounds):
    """Measures all tools on one package; whether the promises are kept."""
    files = sum(len(names) for _, _, names in os.walk(package))
    size = sum(os.path.getsize(os.path.join(at, n)) for at, _, names in os.walk(package) for n in names)
    print(f"\n{name}: {files} files, {size / GIB:.2f} GiB; load {os.getloadavg()[0]:.1f}")
    # A shell runs one openssl after the other; its children's time counts as its own.
    tools = {
        "bare hashing": ["sh", "-c", 'find "$0" -type f -print0 | xargs -0 openssl dgst -sha256', package],
        "archive": [program, "verify", package],
    }
    if subprocess.run([sys.executable, "-c", "import bagit"], stderr=subprocess.DEVNULL).returncode == 0:
        tools["bagit.py"] = [sys.executable, "-m", "bagit", "--validate", "--quiet", "--processes", "2", package]
    best = {}
    with open(os.devnull, "wb") as out:
        for _ in range(rounds):
            for tool, command in tools.items():
                result = measured(command, out)
                best[tool] = tuple(map(min, best.get(tool, result), result))
    for tool, (cpu, wall, memory) in best.items():
        print(f"  {tool:14} {cpu:7.2f} s CPU  {wall:7.2f} s wall  {memory:6.0f} MB")
    bare, ours = best["bare hashing"], best["archive"]
    kept = [(f"CPU / bare hashing  {ours[0] / bare[0]:.2f} (at most 1.2)", ours[0] <= 1.2 * bare[0])]
    if "bagit.py" in best:
        theirs = best["bagit.py"]
        ratio = theirs[1] / ours[1]
        kept.append((f"bagit.py wall / wall  {ratio:.2f} (at least 3)", ratio >= 3))
        kept.append((f"bagit.py CPU / CPU  {theirs[0] / ours[0]:.2f}", True))
    kept.append((f"memory  {ours[2]:.0f} MB (under 100)", ours[2] < 100))
    for said, good in kept:
        print(f"  {'kept  ' if good else 'BROKEN'} {said}")
    return all(good for _, good in kept)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scratch")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    parser.add_argument("--program", default=os.path.join(target, "release/examples/package"))
    given = parser.parse_args()
    both = given.small == given.large
    cases = []
    if both or given.small:
        cases.append(("2 GiB in 20,000 files", "small", 20_000, 2 * GIB // 20_000))
    if both or given.large:
        cases.append(("one file of 8 GiB", "large", 1, 8 * GIB))
    good = True
    for name, folder, files, size in cases:
        source = os.path.join(given.scratch, f"{folder}-scans")
        package = os.path.join(given.scratch, folder)
        if not os.path.isdir(package):
            scans(source, files, size)
            subprocess.run([given.program, "build", "folder", source, package], check=True, stdout=subprocess.DEVNULL)
        good &= run(name, package, given.program, given.rounds)
    sys.exit(0 if good else 1)


main()
