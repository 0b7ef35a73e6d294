#!/usr/bin/env python3
"""A whole office of real size, from the register to the search: how long each step takes and how much memory.

    benches/size.py SCRATCH [--items N] [--pages N] [--program PATH]

Made and measured at a tenth and at the whole (--items, a million unless told otherwise, of --pages pages each, ten), so
that it shows how each step grows. SCRATCH needs some 20 kB for each item. Each step is the command a person would type;
time is by the clock, memory the most the process and its children held.

What is printed: the step, seconds by the clock and of the processors and MB at a tenth and at the whole, and by how much the
processors' time grew; ten is linear. Other programs spoil the clock and hardly the rest. --without-files leaves out what
has to do with scans: then a million items need a few GB.
"""

import argparse
import csv
import os
import random
import resource
import shutil
import subprocess
import sys
import time

STEPS = [
    ("import", ["import", "{office}/register.csv", "--scans", "{office}/scans", "--accept-valid"]),
    ("arrange", ["arrange"]),
    ("number", ["number"]),
    ("check", ["check"]),
    ("index", ["index", "--engine", "none"]),
    ("search, staff", ["search", "防汛 经费", "--as", "staff"]),
    ("search, a phrase", ["search", "\"关于防汛\"", "--as", "staff"]),
    ("catalogue", ["catalogue", "--own-font", "--what", "volumes,contents", "--format", "pdf,xlsx", "--out", "{run}/printed"]),
    ("fixity", ["fixity"]),
    ("backup", ["backup", "{run}/backup"]),
    ("backup again", ["backup", "{run}/backup"]),
]


# The steps that have nothing to do with scans.
OF_DESCRIPTIONS = ["import", "arrange", "number", "check", "catalogue"]


def measured(words, log):
    """Runs a command; its status, seconds by the clock and of the processors, and the most memory in MB of it and its children."""
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        # Children of the command count among its own.
        process = subprocess.run(words)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(f"{log.name}.spent", "w") as file:
            file.write(f"{process.returncode} {spent.ru_utime + spent.ru_stime} {spent.ru_maxrss}")
        os._exit(0)
    os.waitpid(pid, 0)
    took = time.monotonic() - start
    with open(f"{log.name}.spent") as file:
        status, processors, peak = file.read().split()
    return int(status), took, float(processors), int(peak) / 1024


MATTERS = ["防汛抗旱", "安全生产", "财政预算", "农业税费", "计划生育", "春耕生产", "森林防火", "社会治安", "教育收费",
           "扶贫开发", "信访工作", "城镇建设", "卫生防疫", "招商引资"]
OFFICES = [("县水利局", "临水"), ("县财政局", "临财"), ("县农业局", "临农"), ("县教育局", "临教"), ("县卫生局", "临卫")]
HEADER = ["序号", "文号", "责任者", "题名", "日期", "页数", "党政", "保管期限", "关联序号", "关联关系", "扫描件"]


def office(folder, count, pages, files):
    """A year as people would bring it: a register and, where wanted, a text file of some pages for each item."""
    dice = random.Random(2004)
    government, number, rows = "临溪县人民政府", 0, []

    def add(of, no, title, day, period, tied="", how=""):
        row = len(rows) + 1
        name = f"{row // 1000:04d}/{row % 1000:03d}.txt" if files else ""
        if files:
            write(os.path.join(folder, "scans", name), row, title)
        rows.append([row, no, of, title, f"2004-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}", pages, "政", period, tied, how, name])
        return row

    def write(path, row, title):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            for page in range(1, pages + 1):
                lines = "".join(
                    f"各乡镇人民政府要认真贯彻，落实责任，第{line}项经费{(row + line * 37) % 9973}元。" for line in range(1, 6))
                file.write(f"{title}\n第 {page} 页，编号 {row * pages + page}。{lines}" + ("\f" if page < pages else "\n"))

    while len(rows) < count:
        number += 1
        matter, (bureau, mark), day = dice.choice(MATTERS), dice.choice(OFFICES), dice.randrange(300)
        town, period = f"第{number // 4 % 997}项", dice.choice(["永久", "长期", "短期"])
        if dice.random() < 0.4:
            asked = add(bureau, f"{mark}〔2004〕{number}号", f"{bureau}关于{matter}{town}经费的请示", day, period)
            add(government, f"临政函〔2004〕{number}号", f"{government}关于{matter}{town}经费的批复", day + 9, period, asked, "办理结果")
        elif dice.random() < 0.5:
            told = add(government, f"临政〔2004〕{number}号", f"{government}关于做好{matter}{town}工作的通知", day, period)
            add(government, "", f"{matter}{town}任务分解表", day, period, told, "附件")
        else:
            add(government, f"临政发〔2004〕{number}号", f"{government}关于{matter}{town}情况的报告", day, period)
    with open(os.path.join(folder, "register.csv"), "w", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows[:count]])


def run(count, pages, program, scratch, files):
    """All steps at one size: seconds and MB of each."""
    desk, home = os.path.join(scratch, f"office-{count}"), os.path.join(scratch, f"run-{count}")
    if not os.path.exists(os.path.join(desk, "register.csv")):
        os.makedirs(desk, exist_ok=True)
        office(desk, count, pages, files)
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    repository = os.path.join(home, "repository")
    subprocess.run([program, "init", repository, "--institution", "临溪县人民政府办公室", "--fonds", "J019"],
                   check=True, stdout=subprocess.DEVNULL)
    results = {}
    with open(os.path.join(home, "log"), "w") as log:
        for name, words in STEPS:
            if not files and name not in OF_DESCRIPTIONS:
                continue
            if not files:
                words = [word for word in words if word not in ("--scans", "{office}/scans")]
            words = [word.format(office=desk, run=home) for word in words]
            status, took, processors, peak = measured([program, *words, "-R", repository], log)
            if status not in (0, 1):
                print(f"{name} at {count}: ended with {status}, see {log.name}", file=sys.stderr)
            results[name] = (took, processors, peak)
            print(f"    {count:>8} {name:<18} {took:9.1f} s {processors:9.1f} s CPU {peak:8.0f} MB", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scratch")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--program", default="target/release/archive")
    parser.add_argument("--tenth-only", action="store_true", help="no further than the tenth")
    parser.add_argument("--without-files", action="store_true", help="descriptions only")
    given = parser.parse_args()
    program = os.path.abspath(given.program)
    tenth = run(given.items // 10, given.pages, program, given.scratch, not given.without_files)
    if given.tenth_only:
        return
    whole = run(given.items, given.pages, program, given.scratch, not given.without_files)
    print(f"\n{'':<20}{'a tenth':>34}{'the whole':>36}{'grew':>8}")
    for name, (took, processors, peak) in whole.items():
        before, spent, held = tenth[name]
        print(f"{name:<20}{before:9.1f} s {spent:9.1f} s CPU {held:8.0f} MB {took:10.1f} s {processors:9.1f} s CPU {peak:8.0f} MB"
              f" {processors / max(spent, 0.01):7.1f}")


main()
