#!/usr/bin/env bash
# Lets other people's tools judge what `archive catalogue` printed.
#
#   .ci/catalogues.sh FOLDER
#
# Needs qpdf, poppler-utils, Java and Maven (veraPDF), Python (openpyxl comes into a virtual environment
# outside the repository). A tool that isn't there is a failure: a gate that skips is none.
set -uo pipefail

folder=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
. "$(dirname "$0")/judging.bash"

mapfile -d '' pdfs < <(find "$folder" -name '*.pdf' -print0 | sort -z)
mapfile -d '' books < <(find "$folder" -name '*.xlsx' -print0 | sort -z)
[ "${#pdfs[@]}" -gt 0 ] && [ "${#books[@]}" -gt 0 ] || { echo "FAILED  nothing was printed in $folder"; exit 1; }

for pdf in "${pdfs[@]}"; do
    check "qpdf: ${pdf#"$folder"/}" qpdf --check "$pdf"
done
embedded() { ! pdffonts "$1" | tail -n +3 | grep -qE ' no +(yes|no) +(yes|no) +[0-9]'; }
for pdf in "${pdfs[@]}"; do
    check "every font is embedded: ${pdf#"$folder"/}" embedded "$pdf"
done

verapdf=$cache/verapdf
if [ ! -f "$verapdf/PdfaCheck.class" ]; then
    mkdir -p "$verapdf"
    mvn -q -f "$here/verapdf/pom.xml" dependency:copy-dependencies -DoutputDirectory="$verapdf/lib" \
        && javac -d "$verapdf" -cp "$verapdf/lib/*" "$here/verapdf/PdfaCheck.java"
fi
java -cp "$verapdf:$verapdf/lib/*" PdfaCheck "${pdfs[@]}" 2>"$scratch/err" || { failed=1; tail -5 "$scratch/err"; }

venv=$cache/catalogues-venv
if ! "$venv/bin/python" -c "import openpyxl" 2>/dev/null; then
    mkdir -p "$cache"
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet openpyxl
fi
check "openpyxl: ${#books[@]} workbooks; no formula, a header on every page" "$venv/bin/python" - "${books[@]}" <<'PYTHON'
import sys, openpyxl
for path in sys.argv[1:]:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames, path
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (path, sheet.title, cell.coordinate, cell.value)
PYTHON
titles() { pdftotext -layout "$1" - | grep -F -e 卷 -e 件 -e 年 >/dev/null; }
for pdf in "${pdfs[@]}"; do
    check "pdftotext finds Chinese: ${pdf#"$folder"/}" titles "$pdf"
done
exit $failed
