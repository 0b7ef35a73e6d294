#!/usr/bin/env python3
"""The reading room at a real size: how soon it starts, how long every page takes, and what 200 readers at once get.

    benches/serve.py SCRATCH [--items N] [--seconds N] [--program PATH]

Makes an office of N items (a hundred thousand unless told otherwise) over forty years, two pages of text each and a PDF with letters for
every hundredth; arranges, numbers and indexes it; has two people open all of it; serves it. Then it asks for every page three
times (the first lays out what it is made of), and has wrk ask by 200 connections for 60 seconds: for searches, for records, for a picture
of a page, and for the style sheet as a static file of the same server. Needs wrk (the Debian package) and a release build.

Ends with status 1 if any answer was an error or any socket failed.
"""

import argparse
import csv
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
SCAN = os.path.join(HERE, "../fixtures/county-2004/scans/防汛/请求救灾资金的请示.pdf")
MATTERS = ["防汛抗旱", "安全生产", "财政预算", "农业税费", "计划生育", "春耕生产", "森林防火", "社会治安", "教育收费", "扶贫开发", "信访工作", "城镇建设"]
OFFICES = [("临溪县水利局", "临水"), ("临溪县财政局", "临财"), ("临溪县农业局", "临农"), ("临溪县教育局", "临教"), ("临溪县卫生局", "临卫")]
TOWNS = ["城关镇", "桥头镇", "清水乡", "石门乡", "白沙镇", "龙泉乡", "高坪乡", "双河镇"]
TODAY = "2040-03-01"
PASSWORD = "一句记得住的话就好了"


def office(folder, count):
    dice = random.Random(1987)
    rows = []
    for row in range(1, count + 1):
        matter, town = dice.choice(MATTERS), dice.choice(TOWNS)
        body, sign = dice.choice(OFFICES)
        year, month, day = dice.randint(1965, 2004), dice.randint(1, 12), dice.randint(1, 28)
        title = dice.choice([
            f"关于做好{town}{matter}工作的通知", f"关于{town}{matter}经费的请示", f"{town}{matter}情况的报告",
            f"关于{matter}检查结果的通报", f"关于表彰{town}{matter}先进单位的决定"])
        name = f"{row // 1000:04d}/{row % 1000:03d}." + ("pdf" if row % 100 == 0 else "txt")
        path = os.path.join(folder, "scans", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if row % 100 == 0:
            shutil.copyfile(SCAN, path)
        else:
            with open(path, "w") as file:
                lines = "".join(f"请认真贯彻，第{line}项经费{(row + line * 37) % 9973}元。" for line in range(1, 6))
                file.write(f"{title}\n{lines}\f第二页：{town}要把{matter}工作抓紧抓实，编号{row}。\n")
        rows.append([row, f"{sign}〔{year}〕{row % 900 + 1}号", body, title, f"{year}-{month:02d}-{day:02d}", 2, "政",
                     dice.choice(["永久", "长期", "短期"]), name])
    with open(os.path.join(folder, "register.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["序号", "文号", "责任者", "题名", "日期", "页数", "党政", "保管期限", "扫描件"])
        writer.writerows(rows)


def make(program, scratch, count):
    root = os.path.join(scratch, "repository")
    if os.path.exists(os.path.join(scratch, "made")):
        return root
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    office(scratch, count)

    def run(*words, who="王主任"):
        start = time.monotonic()
        done = subprocess.run([program, *words, "-R", root, "--today", TODAY, "--operator", who], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"{words}: {done.stderr}")
        print(f"{words[0]} {words[1]}: {time.monotonic() - start:.1f} s", flush=True)

    subprocess.run([program, "init", root, "--institution", "临溪县人民政府", "--fonds", "J001"], check=True, capture_output=True)
    run("import", os.path.join(scratch, "register.csv"), "--scans", os.path.join(scratch, "scans"), "--accept-valid")
    run("arrange", "--lang", "zh")
    run("number", "--lang", "zh")
    for name, role in [("王主任", "director"), ("陈文书", "archivist"), ("李复审", "reviewer")]:
        run("people", "add", name, "--role", role)
    # Every fifth stays closed: the public must not see it at this size either.
    codes = os.path.join(scratch, "opened.csv")
    with open(codes, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["档号"])
        opened = subprocess.run([program, "opening", "due", "-R", root, "--today", TODAY, "--json"], capture_output=True, text=True)
        records = next(value for value in json.loads(opened.stdout).values() if isinstance(value, list))
        writer.writerows([record["code"]] for place, record in enumerate(records) if place % 5)
    run("opening", "review", "--from", codes, "--opinion", "open", "--reason", "已到期", who="陈文书")
    run("opening", "open", "--from", codes, "--reason", "已到期", who="李复审")
    run("index", "--engine", "none")
    open(os.path.join(scratch, "made"), "w").close()
    return root


class Room:
    def __init__(self, program, root):
        accounts = os.path.join(root, "accounts.json")
        if os.path.exists(accounts):
            os.remove(accounts)
        start = time.monotonic()
        self.process = subprocess.Popen([program, "serve", "-R", root, "--today", TODAY, "--json"], stdout=subprocess.PIPE, text=True)
        said = ""
        while True:
            said += self.process.stdout.readline()
            try:
                document = json.loads(said)
                break
            except ValueError:
                continue
        print(f"start: {time.monotonic() - start:.3f} s")
        self.address = document["address"].rstrip("/")
        self.host = self.address.split("://")[1]
        self.cookie = ""
        form = {"code": document["first_code"], "name": "王主任", "password": PASSWORD, "again": PASSWORD}
        status, headers, _ = self.ask("/first", "POST", urllib.parse.urlencode(form))
        assert status == 303, status
        self.cookie = headers["set-cookie"].split(";")[0]

    def ask(self, path, verb="GET", body=None, signed_in=True):
        connection = http.client.HTTPConnection(self.host, timeout=120)
        headers = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        if signed_in and self.cookie:
            headers["cookie"] = self.cookie
        connection.request(verb, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def pages(self, item, volume):
        quoted = urllib.parse.quote
        public = ["/", "/?q=" + quoted("防汛 经费"), "/?q=" + quoted("通知") + "&from=4000", "/?q=" + quoted("经费") + "&sort=date", "/suggest?q=" + quoted("关于"),
                  "/browse", "/browse/J001", "/browse/J001/1987", quoted(volume), "/a/" + quoted(item),
                  "/a/" + quoted(item) + "?q=" + quoted("救灾"), "/picture/1/" + quoted(item)]
        inner = ["", "/board", "/board?year=1987", "/ties", "/findings", "/opening", "/requests", "/loans", "/periods", "/disposal", "/storeroom", "/forms", "/audit",
                 "/people"]
        worst = 0.0
        print(f"{'page':46} {'first':>8} {'second':>8} {'third':>8}  ms")
        for path, signed_in in [(path, False) for path in public] + [("/staff" + path, True) for path in inner]:
            took = []
            for _ in range(3):
                start = time.monotonic()
                status, _, body = self.ask(path, signed_in=signed_in)
                took.append((time.monotonic() - start) * 1000)
                assert status == 200, f"{path}: {status}"
            worst = max(worst, took[2])
            print(f"{urllib.parse.unquote(path)[:46]:46} {took[0]:8.0f} {took[1]:8.0f} {took[2]:8.0f}  {len(body) // 1024} kB", flush=True)
        return worst


def wrk(name, address, seconds, paths, scratch):
    script = os.path.join(scratch, f"{name}.lua")
    with open(script, "w") as file:
        file.write("local paths = {" + ",".join(json.dumps(path) for path in paths) + "}\nlocal n = 0\n"
                   "request = function() n = n % #paths + 1; return wrk.format('GET', paths[n]) end\n")
    done = subprocess.run(["wrk", "-t", "2", "-c", "200", "-d", f"{seconds}s", "--timeout", "20s", "--latency", "-s", script, address],
                          capture_output=True, text=True)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    tail = re.search(r"99%\s*(\S+)", done.stdout)
    errors = re.findall(r"(Socket errors.*|Non-2xx.*)", done.stdout)
    print(f"{name}: {float(rate[1]):.0f} requests a second, 99th percentile {tail[1]}" + "".join("; " + error for error in errors), flush=True)
    return not errors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scratch")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--program", default=os.path.join(HERE, "../target/release/archive"))
    asked = parser.parse_args()
    root = make(asked.program, asked.scratch, asked.items)
    room = Room(asked.program, root)
    try:
        quoted = urllib.parse.quote
        hits = lambda words: [urllib.parse.unquote(hit["address"])  # noqa: E731
                              for hit in json.loads(room.ask("/index.json?q=" + quoted(words), signed_in=False)[2])["hits"]]
        # One with a picture; it needn't stand in a volume.
        item = hits("救灾")[0]
        year = json.loads(room.ask("/browse/J001/1987.json", signed_in=False)[2])
        room.pages(item, urllib.parse.unquote(year["lines"][0]["url"]))
        dice = random.Random(7)
        searches = ["/?q=" + quoted(dice.choice(TOWNS) + " " + dice.choice(MATTERS)) for _ in range(200)]
        items = ["/a/" + quoted(address) for query in MATTERS for address in hits(query)]
        well = [wrk("static file", room.address, asked.seconds, ["/assets/style.css"], asked.scratch),
                wrk("search", room.address, asked.seconds, searches, asked.scratch),
                wrk("item", room.address, asked.seconds, items, asked.scratch),
                wrk("page picture", room.address, asked.seconds, [f"/picture/{page}/{quoted(item)}" for page in (1, 2)], asked.scratch)]
    finally:
        room.process.send_signal(signal.SIGINT)
        print(f"ended with {room.process.wait(timeout=30)}")
    sys.exit(0 if all(well) else 1)


main()
