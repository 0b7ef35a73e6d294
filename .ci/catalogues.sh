#!/usr/bin/env bash
# Lets other people's tools judge what `archive catalogue` printed.
#
#   .ci/catalogues.sh FOLDER
#
# Needs qpdf, poppler-utils, xmllint, Java and Maven (veraPDF, ofdrw), LibreOffice, Python (openpyxl comes
# into a virtual environment outside the repository). A tool that isn't there is a failure: a gate that skips
# is none.
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
# --- the same pages everywhere: OFD by ofdrw, spreadsheets as LibreOffice prints them
mapfile -d '' ofds < <(find "$folder" -name '*.ofd' -print0 | sort -z)
mapfile -d '' lists < <(find "$folder" -name '*.csv' ! -name '*.gb18030.csv' -print0 | sort -z)
same_pages() { python3 "$here/same-pages.py" "$@"; }
ofdrw=$cache/ofdrw
if ((${#ofds[@]})); then
    if [ ! -f "$ofdrw/OfdText.class" ]; then
        mkdir -p "$ofdrw"
        mvn -q -f "$here/ofdrw/pom.xml" dependency:copy-dependencies -DoutputDirectory="$ofdrw/lib" \
            && javac -d "$ofdrw" -cp "$ofdrw/lib/*" "$here/ofdrw/OfdText.java"
    fi
    well_formed() {
        local part
        unzip -Z1 "$1" '*.xml' >"$scratch/parts" || return 1
        while read -r part; do unzip -p "$1" "$part" | xmllint --noout - || return 1; done <"$scratch/parts"
    }
    for ofd in "${ofds[@]}"; do
        name=${ofd#"$folder"/}
        check "OFD is well-formed XML: $name" well_formed "$ofd"
        mkdir -p "$scratch/ofd"
        check "ofdrw opens it: $name" java -cp "$ofdrw:$ofdrw/lib/*" OfdText "$scratch/ofd" "$ofd"
        check "and reads what the PDF says: $name" same_pages "${ofd%.ofd}.pdf" "$scratch/ofd/$(basename "$ofd").txt"
    done
fi
office() { timeout 600 soffice "-env:UserInstallation=file://$scratch/office" --headless "$@"; }
for book in "${books[@]}"; do
    mkdir -p "$scratch/printed/$(dirname "${book#"$folder"/}")"
done
while read -r -d '' within; do
    mapfile -d '' here_books < <(find "$within" -maxdepth 1 -name '*.xlsx' -print0 | sort -z)
    ((${#here_books[@]})) || continue
    office --convert-to pdf --outdir "$scratch/printed/${within#"$folder"}" "${here_books[@]}" >/dev/null 2>&1
done < <(find "$folder" -type d -print0 | sort -z)
for book in "${books[@]}"; do
    name=${book#"$folder"/}
    check "LibreOffice prints the pages of the PDF: $name" \
        same_pages "${book%.xlsx}.pdf" "$scratch/printed/${name%.xlsx}.pdf"
done
# Opened as by a double click in an office in China: UTF-8 by its mark, every separator LibreOffice proposes, nothing
# held for text, dates and special numbers recognised. Each cell must then show what the file says, 0001 and 3-6 too.
opens_as_text() {
    rm -rf "$scratch/csv" && mkdir "$scratch/csv"
    head -c 3 "$1" | cmp -s - <(printf '\xef\xbb\xbf') || { echo "no UTF-8 mark"; return 1; }
    office '--infilter=CSV:44/59/9,34,76,1,,2052,false,true' \
        --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true' --outdir "$scratch/csv" "$1" >/dev/null 2>&1
    python3 - "$1" "$scratch/csv/$(basename "$1")" <<'PYTHON'
import csv, sys
def cells(path):
    rows = csv.reader(open(path, encoding="utf-8-sig", newline=""))
    return [cell.strip() for row in rows for cell in row if cell.strip()]
said, shown = cells(sys.argv[1]), cells(sys.argv[2])
wrong = [pair for pair in zip(said, shown) if pair[0] != pair[1]]
assert len(said) == len(shown) and not wrong, wrong[:5]
PYTHON
}
for list in "${lists[@]}"; do
    check "LibreOffice shows each cell as it is: ${list#"$folder"/}" opens_as_text "$list"
    if [ -f "${list%.csv}.pdf" ] && grep -qE '(^|,)(案卷)?题名(,|\r?$)' "$list"; then
        check "every title is in the PDF as it is: ${list#"$folder"/}" same_pages "${list%.csv}.pdf" --titles "$list"
    fi
done
titles() { pdftotext -layout "$1" - | grep -F -e 卷 -e 件 -e 年 -e 号 >/dev/null; }
for pdf in "${pdfs[@]}"; do
    check "pdftotext finds Chinese: ${pdf#"$folder"/}" titles "$pdf"
done
exit $failed
