#!/usr/bin/env bash
# Prints the same lists with printpdf (ours), krilla and typst: pages, seconds, CPU, memory, bytes.
#
#   benches/print-compare/run.sh [FOLDER]
#
# krilla and typst are no dependencies of the workspace: a project for krilla and a virtual environment for typst are
# made in FOLDER (default: ~/.cache/archive-print-compare). Needs GNU time and Python.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${1:-$HOME/.cache/archive-print-compare}
mkdir -p "$folder/src"
sed "s#SAMPLE#$root/archive-catalogue/tests/forms/sample.rs#" "$here/compare.rs" >"$folder/src/main.rs"
cat >"$folder/Cargo.toml" <<TOML
[package]
name = "print-compare"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
archive-catalogue = { path = "$root/archive-catalogue" }
archive-core = { path = "$root/archive-core" }
chrono = { version = "0.4", default-features = false }
krilla = { version = "=0.8.2", default-features = false }
ttf-parser = "0.25"
TOML
[ -f "$folder/Cargo.lock" ] || cp "$root/Cargo.lock" "$folder/"
(cd "$folder" && cargo build --quiet --release)
compare=${CARGO_TARGET_DIR:-$folder/target}/release/print-compare
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -c "import typst" 2>/dev/null || "$folder/venv/bin/pip" install --quiet typst==0.15.2
mkdir -p "$folder/fonts"
gzip -dc "$root/archive-catalogue/fonts/ArchiveSerifSC-Regular.ttf.gz" >"$folder/fonts/ArchiveSerifSC-Regular.ttf"

measured() { # NAME FILE COMMAND...
    local name=$1 file=$2
    shift 2
    /usr/bin/time -f '%e s wall, %U s user, %S s system, %M kB at most' -o "$folder/time" "$@" >"$folder/said"
    printf '%-24s %6s pages, %s, %s bytes\n' "$name" "$(pdfinfo "$file" | awk '/^Pages/ {print $2}')" \
        "$(cat "$folder/time")" "$(stat -c %s "$file")"
}
cd "$here"
for what in "contents 250" "full 1000"; do
    read -r form volumes <<<"$what"
    for writer in printpdf krilla; do
        measured "$form $writer" "$folder/$form-$writer.pdf" "$compare" "$writer" "$form" "$volumes" "$folder/$form-$writer.pdf"
    done
    "$compare" rows "$form" "$volumes" "$here/rows.json"
    measured "$form typst" "$folder/$form-typst.pdf" "$folder/venv/bin/python" lists.py rows.json "$folder/fonts" "$folder/$form-typst.pdf"
    rm "$here/rows.json"
done
