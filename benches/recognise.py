#!/usr/bin/env python3
"""What engines make of scans: wrong characters and processor seconds, by engine and kind of damage.

    python3 benches/recognise.py [--archive PATH] [--scans DIR] [--engine NAME]... [--pages N] [--only p04]

Reads every picture of a folder that has its text beside it (pNN.X.jpg or .tif, pNN.gt.txt; by default
../shared/data/scans) with `archive text --engine NAME --json`, and says for each engine and each kind of
damage (the letter X):

    CER     characters wrong, missing or too many, in percent of the true text (blanks and widths aside)
    found   pairs of neighbouring characters of the true text that stand in what was read, in percent: what
            full-text search sees; the order of a table's cells doesn't matter here
    CPU s   processor seconds a page, everything included

With Pillow and a Chinese font at hand it also draws N pages (4 by default) of fixtures' own text and spoils
them itself: clean, skewed and noisy grey, black and white, coarse. It judges nothing and needs no network.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLD = str.maketrans("。，；：？！（）〔〕【】［］“”‘’—－–", ".,;:?!()()()()\"\"''---")


def plain(text):
    text = unicodedata.normalize("NFKC", text).translate(FOLD)
    return re.sub(r"\s+", "", text)


def distance(a, b):
    """Edit distance, row by row."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def pairs(text):
    kept = [c for c in text if c.isalnum()]
    return collections.Counter(zip(kept, kept[1:]))


def read(archive, engine, picture):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run([archive, "text", "--json", "--engine", engine, str(picture)],
                         capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if ran.returncode not in (0, 1):
        sys.exit(f"{engine}: {ran.stderr.strip()}")
    pages = json.loads(ran.stdout)["files"][0]["pages"]
    return "\n".join(line["text"] for page in pages for line in page["lines"]), spent


def drawn(folder, count):
    """Draws and spoils pages of known text; says why if it can't."""
    try:
        from PIL import Image, ImageDraw, ImageFilter, ImageFont
    except ImportError:
        print("SKIPPED: pages of our own (python3-pil isn't installed)")
        return
    fonts = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True).stdout
    fonts = sorted(line.split(":")[0] for line in fonts.splitlines() if line.strip())
    if not fonts:
        print("SKIPPED: pages of our own (no Chinese font)")
        return
    texts = sorted((ROOT / "fixtures/county-2004/make/pages").glob("*.txt"))
    die = random.Random(2004)
    for number in range(count):
        source = texts[number % len(texts)].read_text("utf-8")
        letters = [c for c in re.sub(r"\s+", "", source) if "\u4e00" <= c <= "\u9fff" or c in "，。、；：（）0123456789"]
        start = (number * 997) % max(1, len(letters) - 700)
        letters = letters[start:start + 650]
        page = Image.new("L", (2480, 3508), 255)
        pen = ImageDraw.Draw(page)
        font = ImageFont.truetype(fonts[number * 7 % len(fonts)], 62)
        lines = ["".join(letters[i:i + 28]) for i in range(0, len(letters), 28)]
        for row, line in enumerate(lines):
            for column, letter in enumerate(line):
                pen.text((330 + column * 66, 420 + row * 115), letter, font=font, fill=20)
        name = folder / f"d{number + 1:02}"
        name.with_suffix(".gt.txt").write_text("\n".join(lines), "utf-8")
        page.save(f"{name}.A.png")
        skewed = page.rotate(die.uniform(-1.5, 1.5), fillcolor=245, resample=Image.BICUBIC)
        noise = Image.effect_noise(page.size, 40)
        grey = Image.blend(skewed.filter(ImageFilter.GaussianBlur(1.2)), noise, 0.18)
        grey.save(f"{name}.B.jpg", quality=50, dpi=(300, 300))
        grey.point(lambda shade: 255 if shade > 150 else 0).convert("1").save(
            f"{name}.C.tif", compression="group4", dpi=(300, 300))
        grey.resize((1240, 1754)).save(f"{name}.D.jpg", quality=30, dpi=(150, 150))


def main():
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--archive", default="archive")
    given.add_argument("--scans", type=pathlib.Path, default=ROOT / "../shared/data/scans")
    given.add_argument("--engine", action="append")
    given.add_argument("--pages", type=int, default=4)
    given.add_argument("--only", default="", help="only pages whose name begins so")
    given = given.parse_args()
    listed = subprocess.run([given.archive, "engines", "--json"], capture_output=True, text=True, check=True)
    there = [engine["name"] for engine in json.loads(listed.stdout)["engines"] if engine["usable"]]
    engines = given.engine or there
    print("engines:", ", ".join(engines) or "none")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        drawn(work, given.pages)
        folders = [given.scans, work]
        if not given.scans.exists():
            print(f"SKIPPED: {given.scans} is not there")
        totals = collections.defaultdict(lambda: [0, 0.0, 0.0, 0.0])
        print(f"{'page':10}{'engine':12}{'CER %':>8}{'found %':>9}{'CPU s':>8}")
        for folder in folders:
            for truth_file in sorted(folder.glob(f"{given.only}*.gt.txt")):
                name = truth_file.name.removesuffix(".gt.txt")
                truth = plain(truth_file.read_text("utf-8"))
                for picture in sorted(folder.glob(f"{name}.?.*")):
                    if picture.suffix not in (".jpg", ".tif", ".png"):
                        continue
                    kind = picture.name.split(".")[1]
                    for engine in engines:
                        text, spent = read(given.archive, engine, picture)
                        got = plain(text)
                        wrong = 100 * distance(truth, got) / max(1, len(truth))
                        want = pairs(truth)
                        found = 100 * sum((want & pairs(got)).values()) / max(1, sum(want.values()))
                        print(f"{name + '.' + kind:10}{engine:12}{wrong:8.1f}{found:9.1f}{spent:8.1f}", flush=True)
                        total = totals[engine, kind]
                        for at, value in enumerate((1, wrong, found, spent)):
                            total[at] += value
    print()
    print(f"{'damage':10}{'engine':12}{'pages':>6}{'CER %':>8}{'found %':>9}{'CPU s':>8}")
    for (engine, kind), (count, wrong, found, spent) in sorted(totals.items()):
        print(f"{kind:10}{engine:12}{count:6}{wrong / count:8.1f}{found / count:9.1f}{spent / count:8.1f}")


if __name__ == "__main__":
    main()
