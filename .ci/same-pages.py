#!/usr/bin/env python3
"""Holds what two programs print of one form side by side, page by page.

    same-pages.py OURS.pdf OTHER          OTHER.pdf, or text with a form feed after each page
    same-pages.py OURS.pdf --titles LIST.csv

A PDF of ours that holds several copies is taken for its first, as the other formats have. The same page is
one with the same characters on it, however the other program spaces them; vertical forms of punctuation
count as the signs they stand for. With --titles, every title of the csv file is found in the PDF as it is.
"""

import csv
import re
import subprocess
import sys
from collections import Counter
from unicodedata import normalize


def text_of(path):
    if not path.endswith(".pdf"):
        return open(path, encoding="utf-8").read()
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return said.stdout.decode()


def plain(text):
    # What was lost before it came to us (U+FFFD) is printed as 〓.
    text = text.replace("\ufffd", "〓")
    text = re.sub("[\u200e\u200f\u202a-\u202e]", "", text)
    return re.sub(r"\s", "", normalize("NFKC", text))


def pages(path):
    return [plain(page) for page in text_of(path).split("\f")[:-1]]


def titles(ours, listed):
    whole = "".join(pages(ours))
    missing, found, lines = [], 0, 0
    header = []
    for line in csv.reader(open(listed, encoding="utf-8-sig", newline="")):
        if "题名" in line or "案卷题名" in line:
            header = line
        elif header and len(line) == len(header):
            lines += 1
            for name, value in zip(header, line):
                if name in ("题名", "案卷题名") and value:
                    value = plain(value[1:] if value[:1] == "'" else value)
                    found += 1
                    if value not in whole:
                        missing.append(value)
    for value in missing:
        print("not found:", value)
    # A list without a line has nothing to find; lines without a title are a list this reads wrongly.
    return header != [] and not missing and (found > 0 or lines == 0)


def same(ours, other):
    mine, theirs = pages(ours), pages(other)
    if len(mine) % max(len(theirs), 1) or not theirs:
        print(len(mine), "pages against", len(theirs))
        return False
    number = 0
    while number < len(theirs):
        one, two = Counter(mine[number]), Counter(theirs[number])
        number += 1
        if one == two:
            continue
        # Running text (the note of a full catalogue) may break a few lines earlier or later: then the two
        # pages together are the same.
        if number < len(theirs):
            one_and_next, two_and_next = one + Counter(mine[number]), two + Counter(theirs[number])
            if one_and_next == two_and_next and "立卷说明" in mine[number - 1]:
                number += 1
                continue
        print("page", number, "only here:", dict(one - two), "only there:", dict(two - one))
        return False
    return True


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[1] == "--titles":
        sys.exit(not titles(arguments[0], arguments[2]))
    sys.exit(not same(arguments[0], arguments[1]))
