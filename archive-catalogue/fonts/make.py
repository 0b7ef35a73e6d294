#!/usr/bin/env python3
"""Cut Noto Serif SC Regular to what the forms need, and pack it.

The cut holds the 8,105 characters of 通用规范汉字表 (2013), which are all the characters
a person's or a place's name may officially have, the whole of GB 2312-80 (old registers
were typed in it), and the signs that stand on forms: Latin, digits, punctuation, full-width
forms, vertical forms of punctuation for spines, box drawing, circled numbers, ticks and boxes.

The list of 8,105 is not typed in here: it is the property kTGH of the Unihan database,
which Debian's package unicode-data carries.

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3     (unpack: 400Regular/*.ttf, LICENSE_FONT)
    apt-get install unicode-data
    pip install fonttools==4.68.0 zopfli==0.4.3   (others work; the bytes may differ)
    python3 make.py PATH/package

It writes ArchiveSerifSC-Regular.ttf.gz, characters.txt and OFL.txt beside itself. The same
input gives the same bytes: no clock is read, and zopfli does not depend on the zlib at hand.
"""

import bz2
import hashlib
import struct
import sys
import zlib
from pathlib import Path

import zopfli.zlib
from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
FAMILY = "Archive Serif SC"
POSTSCRIPT = "ArchiveSerifSC-Regular"
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
SOURCE_SHA256 = "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742"

# (first, last, what for). Whatever of a block the font lacks is left out and counted.
BLOCKS = [
    (0x0020, 0x007E, "ASCII"),
    (0x00A0, 0x017F, "Latin-1 and Latin Extended-A: names, pinyin, § ± × ÷ ·"),
    (0x01CD, 0x01DC, "pinyin with the third tone"),
    (0x01F8, 0x01F9, "pinyin n with grave"),
    (0x0251, 0x0251, "pinyin a"),
    (0x0261, 0x0261, "pinyin g"),
    (0x02C7, 0x02CB, "tone marks"),
    (0x0391, 0x03C9, "Greek"),
    (0x0401, 0x0451, "Cyrillic"),
    (0x2010, 0x2027, "dashes, quotation marks, daggers, ellipsis"),
    (0x2030, 0x203B, "per mille, primes, ※"),
    (0x20AC, 0x20AC, "euro"),
    (0x2103, 0x2116, "℃ № and their neighbours"),
    (0x2121, 0x2122, "TEL, trade mark"),
    (0x2153, 0x215E, "fractions"),
    (0x2160, 0x217B, "Roman numerals"),
    (0x2190, 0x2199, "arrows"),
    (0x2200, 0x22BF, "mathematical signs of GB 2312 and GBK"),
    (0x2460, 0x249B, "numbers in circles, in parentheses, with full stop"),
    (0x24EA, 0x24FF, "circled zero, black circled numbers"),
    (0x2500, 0x257F, "box drawing"),
    (0x2581, 0x2595, "blocks"),
    (0x25A0, 0x25EF, "squares, triangles, circles"),
    (0x2605, 0x2606, "★ ☆: secrecy marks are written 机密★10年"),
    (0x2610, 0x2612, "ballot boxes"),
    (0x2640, 0x2642, "female, male"),
    (0x2713, 0x2717, "ticks and crosses"),
    (0x2776, 0x277F, "black circled numbers"),
    (0x3000, 0x3029, "ideographic space, 、。〇〈〉〔〕【】"),
    (0x3041, 0x3093, "hiragana (GB 2312)"),
    (0x30A1, 0x30FC, "katakana (GB 2312)"),
    (0x3105, 0x3129, "bopomofo (GB 2312)"),
    (0x3220, 0x3229, "parenthesised Chinese numbers"),
    (0x3231, 0x3231, "㈱"),
    (0x3251, 0x325F, "circled 21 to 35"),
    (0x32B1, 0x32BF, "circled 36 to 50"),
    (0x338E, 0x33D5, "square units: ㎎ ㎏ ㎜ ㎝ ㎡"),
    (0xFE10, 0xFE19, "vertical punctuation"),
    (0xFE30, 0xFE4F, "vertical brackets"),
    (0xFE50, 0xFE6B, "small forms, ﹝﹞"),
    (0xFF01, 0xFF5E, "full-width ASCII"),
    (0xFFE0, 0xFFE5, "￥ and its neighbours"),
    (0xFFFD, 0xFFFD, "replacement character: damaged text is shown as damaged"),
]


def standard_characters():
    """The 8,105 of 通用规范汉字表, from Unihan's kTGH."""
    found = set()
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 3 and fields[1] == "kTGH":
                found.add(int(fields[0][2:], 16))
    assert len(found) == 8105, f"kTGH holds {len(found)} characters, not 8105"
    return found


def gb2312():
    """Everything GB 2312-80 can write."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return found


def rename(font):
    """A name of its own: the cut must not be mistaken for the whole font on a machine that has it."""
    names = font["name"]
    version = str(names.getName(5, 3, 1, 0x409)).split(";")[0]
    keep = {0: str(names.getName(0, 3, 1, 0x409))}
    for identifier in (8, 9, 13, 14):
        keep[identifier] = str(names.getName(identifier, 3, 1, 0x409))
    names.names = []
    keep |= {
        1: FAMILY,
        2: "Regular",
        3: f"{POSTSCRIPT};cut of Noto Serif SC {version}",
        4: f"{FAMILY} Regular",
        5: version,
        6: POSTSCRIPT,
        10: "Noto Serif SC Regular cut to the 8,105 characters of 通用规范汉字表, GB 2312 and the signs "
        "that archival forms need; the outlines are unchanged.",
    }
    for identifier, text in sorted(keep.items()):
        names.setName(text, identifier, 3, 1, 0x409)


def gzip(data):
    """A gzip stream with no time stamp and no file name, squeezed by zopfli."""
    packed = zopfli.zlib.compress(data, numiterations=5)
    deflate = packed[2:-4]
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return head + deflate + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def main():
    package = Path(sys.argv[1])
    source = package / "400Regular" / "NotoSerifSC_400Regular.ttf"
    data = source.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SOURCE_SHA256:
        sys.exit(f"{source} is another version (sha256 {digest}): look at it, then change SOURCE_SHA256")

    standard = standard_characters()
    wanted = set(standard) | gb2312()
    for first, last, _ in BLOCKS:
        wanted.update(range(first, last + 1))

    font = TTFont(source, recalcTimestamp=False)
    has = set(font.getBestCmap())
    missing_standard = sorted(standard - has)
    assert not missing_standard, f"the font lacks standard characters: {missing_standard}"
    missing_gb2312 = sorted(gb2312() - has)
    chosen = wanted & has

    options = subset.Options()
    options.layout_features = ["vert", "vrt2"]
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.drop_tables += ["BASE", "STAT", "GPOS", "GDEF", "gasp", "prep", "DSIG"]
    options.recalc_timestamp = False
    options.canonical_order = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(chosen))
    cutter.subset(font)
    rename(font)
    plain = HERE / "ArchiveSerifSC-Regular.ttf"
    font.save(plain, reorderTables=True)

    cut = plain.read_bytes()
    plain.unlink()
    packed = HERE / "ArchiveSerifSC-Regular.ttf.gz"
    packed.write_bytes(gzip(cut))
    (HERE / "OFL.txt").write_text((package / "LICENSE_FONT").read_text(encoding="utf-8"), encoding="utf-8")
    ordered = "".join(chr(c) for c in sorted(chosen) if c > 0x20)
    lines = [ordered[i : i + 64] for i in range(0, len(ordered), 64)]
    (HERE / "characters.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    print(f"characters {len(chosen)}, of them standard {len(standard)}; plain {len(cut)} bytes, packed {packed.stat().st_size} bytes")
    print(f"sha256 of the plain font   {hashlib.sha256(cut).hexdigest()}")
    print(f"sha256 of the packed font  {hashlib.sha256(packed.read_bytes()).hexdigest()}")
    if missing_gb2312:
        print("of GB 2312 the font lacks: " + " ".join(f"U+{c:04X}" for c in missing_gb2312))


if __name__ == "__main__":
    main()
