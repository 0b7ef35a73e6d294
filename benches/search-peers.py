#!/usr/bin/env python3
"""Full-text search beside its peers: the same pages, the same queries, one machine.

    cargo build --release -p archive-index --example search_peer
    python3 benches/search-peers.py [--texts DIR] [--files N] [--threads 2] [--only ours,fts5,xapian,cjk,smartcn]

Pages of 616 characters are cut from the .txt files of a folder (../shared/data/laws by default); 1,000 queries are
cut from them: 300 words of 2 to 6 characters, 300 pairs of words, 200 pairs that stand on one page, 200 pieces of 7 to
12 characters, each to be found as it is written. Asked are: tantivy through us (target/release/examples/search_peer),
SQLite FTS5 with its trigram tokenizer (Python's sqlite3), Xapian with CJK n-grams (Debian: python3-xapian, run with
/usr/bin/python3), Lucene with CJKAnalyzer and SmartChineseAnalyzer (Java 17 and the jars from Maven Central, fetched
by mvn into target/lucene the first time). Who isn't there is skipped, and said so.

Printed for each: indexing seconds and processor seconds, the index as a share of the text (the text itself isn't
counted where it is stored), median, 95th and 99th percentile of a query read, ranked and counted (warm), the same with the
texts of the best ten and where the words stand in them (which only ours and Lucene are asked for), and the share of the pages that hold the words (by a plain scan) which it finds: on the text as it is, wrapped every 28 characters,
and with a blank between all Han characters as recognisers write it.
"""
import argparse
import json
import pathlib
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LUCENE = "9.12.3"


def is_han(c):
    return "\u4e00" <= c <= "\u9fff"


def worn(page, how):
    if how == "clean":
        return page
    out, letters = [], 0
    for c in page.replace("\n", ""):
        if letters and letters % 28 == 0:
            out.append("\n")
        elif how == "spaced" and out and is_han(c):
            out.append(" ")
        out.append(c)
        letters += 1
    return "".join(out)


def queries_of(pages, die):
    def piece(page, least, most):
        length = die.randint(least, most)
        for _ in range(200):
            start = die.randrange(max(1, len(page) - length))
            cut = page[start:start + length]
            if len(cut) == length and all(is_han(c) for c in cut):
                return cut
        return None

    def one(make):
        while True:
            made = make()
            if all(made):
                return made
    pick = lambda: die.choice(pages)  # noqa: E731
    out = [one(lambda: [piece(pick(), 2, 6)]) for _ in range(300)]
    out += [one(lambda: [piece(pick(), 4, 6)]) for _ in range(300)]
    for _ in range(200):
        out.append(one(lambda: (lambda page: [piece(page, 2, 4), piece(page, 2, 4)])(pick())))
    out += [one(lambda: [piece(pick(), 7, 12)]) for _ in range(200)]
    return out


def spent():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def folder_size(folder):
    return sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*") if file.is_file())


def fts5(pages, queries, folder, _threads):
    path = pathlib.Path(folder) / "fts5.db"
    db = sqlite3.connect(path)
    start, before = time.perf_counter(), spent()
    # Without the text itself: only the index is compared.
    db.execute("CREATE VIRTUAL TABLE page USING fts5(text, content='', tokenize='trigram')")
    db.executemany("INSERT INTO page(rowid, text) VALUES (?, ?)", enumerate(pages))
    db.execute("INSERT INTO page(page) VALUES ('optimize')")
    db.commit()
    took, cpu = time.perf_counter() - start, spent() - before
    asked = [" AND ".join(f'"{term}"' for term in query) for query in queries]
    times = []
    for round_ in range(2):
        times = []
        for query in asked:
            began = time.perf_counter()
            db.execute("SELECT rowid FROM page WHERE page MATCH ? ORDER BY rank LIMIT 10", (query,)).fetchall()
            db.execute("SELECT count(*) FROM page WHERE page MATCH ?", (query,)).fetchone()
            times.append((time.perf_counter() - began) * 1000)
    hits = [[row[0] for row in db.execute("SELECT rowid FROM page WHERE page MATCH ?", (query,))] for query in asked]
    db.close()
    return {"index_s": took, "index_cpu_s": cpu, "bytes": path.stat().st_size, "ranked_ms": times, "hits": hits}


def xapian_run(pages, queries, folder, _threads):
    import xapian
    db = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    start, before = time.perf_counter(), spent()
    for at, page in enumerate(pages):
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(page)
        document.set_data(str(at))
        db.add_document(document)
    db.commit()
    took, cpu = time.perf_counter() - start, spent() - before
    parser = xapian.QueryParser()
    parser.set_database(db)
    flags = xapian.QueryParser.FLAG_CJK_NGRAM | xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_BOOLEAN
    asked = [parser.parse_query(" AND ".join(f'"{term}"' for term in query), flags) for query in queries]
    enquire = xapian.Enquire(db)
    times = []
    for round_ in range(2):
        times = []
        for query in asked:
            began = time.perf_counter()
            enquire.set_query(query)
            enquire.get_mset(0, 10, len(pages))
            times.append((time.perf_counter() - began) * 1000)
    hits = []
    for query in asked:
        enquire.set_query(query)
        hits.append([match.docid - 1 for match in enquire.get_mset(0, len(pages))])
    return {"index_s": took, "index_cpu_s": cpu, "bytes": folder_size(folder), "ranked_ms": times, "hits": hits}


def in_python(name, pages, queries, folder, threads):
    """Xapian's module belongs to the system's Python; this script is run again there."""
    ran = subprocess.run(["/usr/bin/python3", __file__, "--worker", name, pages, queries, folder, str(threads)],
                         capture_output=True, text=True)
    if ran.returncode:
        raise FileNotFoundError(ran.stderr.strip().splitlines()[-1] if ran.stderr else name)
    return json.loads(ran.stdout)


def lucene_jars():
    folder = ROOT / "target/lucene"
    names = ["lucene-core", "lucene-analysis-common", "lucene-analysis-smartcn"]
    for name in names:
        if not (folder / f"{name}-{LUCENE}.jar").exists():
            if not shutil.which("mvn"):
                raise FileNotFoundError("mvn isn't installed")
            subprocess.run(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact=org.apache.lucene:{name}:{LUCENE}",
                            f"-DoutputDirectory={folder}"], check=True, capture_output=True)
    return ":".join(str(folder / f"{name}-{LUCENE}.jar") for name in names)


def run(name, pages, queries, folder, threads, ours):
    if name == "ours":
        if not pathlib.Path(ours).exists():
            raise FileNotFoundError(f"{ours} (cargo build --release -p archive-index --example search_peer)")
        command = [ours, pages, queries, folder]
    elif name in ("cjk", "smartcn"):
        if not shutil.which("java"):
            raise FileNotFoundError("java isn't installed")
        command = ["java", "-Xmx2g", "-cp", lucene_jars(), str(ROOT / "benches/Peers.java"), name, pages, queries,
                   folder, str(threads)]
    else:
        return in_python(name, pages, queries, folder, threads)
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(ran.stderr[-500:])
    return json.loads(ran.stdout.strip().splitlines()[-1])


def worker(name, pages, queries, folder, threads):
    with open(pages, encoding="utf-8", newline="\n") as file:
        pages = [line.rstrip("\n").replace("\\n", "\n") for line in file]
    with open(queries, encoding="utf-8", newline="\n") as file:
        queries = [line.rstrip("\n").split("\t") for line in file]
    json.dump({"fts5": fts5, "xapian": xapian_run}[name](pages, queries, folder, threads), sys.stdout)


def percentiles(times):
    if not times:
        return "– | – | –"
    times = sorted(times)
    return " | ".join(f"{times[(len(times) - 1) * percent // 100]:.2f}" for percent in (50, 95, 99))


def main():
    if sys.argv[1:2] == ["--worker"]:
        return worker(*sys.argv[2:])
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--texts", type=pathlib.Path, default=ROOT / "../shared/data/laws")
    given.add_argument("--files", type=int, default=0, help="so many files only, from all over the folder")
    given.add_argument("--threads", type=int, default=2)
    given.add_argument("--only", default="ours,fts5,xapian,cjk,smartcn")
    given.add_argument("--ours", default=str(ROOT / "target/release/examples/search_peer"))
    given = given.parse_args()
    files = sorted(given.texts.glob("*.txt"))
    if not files:
        return print(f"SKIPPED: no texts in {given.texts}")
    if given.files:
        files = files[::max(1, len(files) // given.files)][:given.files]
    clean = []
    for file in files:
        text = file.read_text("utf-8").replace("\r", "").replace("\\", "")
        clean += [text[at:at + 616] for at in range(0, len(text), 616)]
    size = sum(len(page.encode()) for page in clean)
    queries = queries_of(clean, random.Random(20041121))
    truth = [{at for at, page in enumerate(clean) if all(term in page for term in query)} for query in queries]
    standing = sum(map(len, truth))
    print(f"{len(files)} files, {len(clean)} pages, {size / 1e6:.1f} MB, {standing // len(queries)} pages a query\n")
    print("| engine | index s | CPU s | MB per CPU s | index / text | p50 ms | p95 | p99 | shown p50 | p95 | p99 | recall clean | wrapped | spaced |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name in given.only.split(","):
        recalls, first = [], None
        try:
            for how in ("clean", "wrapped", "spaced"):
                with tempfile.TemporaryDirectory() as work:
                    pages = f"{work}/pages.txt"
                    with open(pages, "w", encoding="utf-8", newline="\n") as out:
                        out.writelines(worn(page, how).replace("\n", "\\n") + "\n" for page in clean)
                    asked = f"{work}/queries.txt"
                    with open(asked, "w", encoding="utf-8", newline="\n") as out:
                        out.writelines("\t".join(query) + "\n" for query in queries)
                    folder = pathlib.Path(work) / "index"
                    folder.mkdir()
                    got = run(name, pages, asked, str(folder), given.threads, given.ours)
                found = sum(len(want & set(hits)) for want, hits in zip(truth, got["hits"]))
                recalls.append(found / standing)
                first = first or got
        except (FileNotFoundError, RuntimeError, subprocess.CalledProcessError) as error:
            print(f"| {name} | SKIPPED: {error} |", flush=True)
            continue
        print(f"| {name} | {first['index_s']:.1f} | {first['index_cpu_s']:.1f} | {size / 1e6 / first['index_cpu_s']:.1f} "
              f"| {first['bytes'] / size:.2f} | {percentiles(first['ranked_ms'])} | {percentiles(first.get('shown_ms'))} | "
              + " | ".join(f"{recall:.3f}" for recall in recalls) + " |", flush=True)


if __name__ == "__main__":
    main()
