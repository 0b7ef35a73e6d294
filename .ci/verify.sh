#!/usr/bin/env bash
# Lets our verifier judge packages other people's tools made: good as they come, and damaged in one way each,
# whereupon it must refuse them and name the file.
#
#   .ci/verify.sh ARCHIVE_PROGRAM
#
# Needs Java, Python and what .ci/packages.sh installs: commons-ip makes E-ARK packages, bagit.py makes bags.
# Run that first. What isn't there is a failure: a gate that skips is none.
set -uo pipefail

archive=$(realpath "$1")
. "$(dirname "$0")/judging.bash"
venv=$cache/packages-venv
jar=$(find "$venv" -name commons-ip2-cli.jar | head -1)

content=$scratch/content
mkdir -p "$content"
printf '%%PDF-1.4\n%%%%EOF\n' >"$content/关于抗洪抢险的紧急通知.pdf"
printf 'II*\0%05000d' 7 >"$content/第1页.tif"
printf '<ead/>' >"$content/ead.xml"

# verdict STATUS PACKAGE [NAMED]: the exit status, and the file that must stand in a finding at error level.
verdict() {
    local status=0
    "$archive" transfer verify "$2" --json >"$scratch/verdict" 2>"$scratch/errors" || status=$?
    [ "$status" -eq "$1" ] || { echo "status $status"; cat "$scratch/verdict" "$scratch/errors"; return 1; }
    [ $# -lt 3 ] || python3 - "$scratch/verdict" "$3" <<'PYTHON'
import json, sys
findings = json.load(open(sys.argv[1]))["findings"]
named = {f["where"].get("file") for f in findings if f["severity"] == "error"}
assert sys.argv[2] in named, (sys.argv[2], findings)
PYTHON
}

# damaged PACKAGE FILE NAME: the four ways a file goes wrong, each on a copy.
damaged() {
    local package=$1 file=$2 name=$3 copy=$scratch/damaged
    fresh() { rm -rf "$copy"; cp -r "$package" "$copy"; }
    fresh; printf 'x' | dd of="$copy/$file" bs=1 seek=3 conv=notrunc status=none
    check "$name: a byte changed" verdict 1 "$copy" "$file"
    fresh; printf 'x' >>"$copy/$file"
    check "$name: a byte more" verdict 1 "$copy" "$file"
    fresh; rm "$copy/$file"
    check "$name: a file gone" verdict 1 "$copy" "$file"
    fresh; cp "$copy/$file" "$(dirname "$copy/$file")/slipped-in.pdf"
    check "$name: a file slipped in" verdict 1 "$copy" "$(dirname "$file")/slipped-in.pdf"
}

make_csip() {
    java -jar "$jar" create --sip-id="csip-$1" -C "$1" -s "$2" -p "$scratch" --submitter-name=office \
        --submitter-id=J019 --metadata-file="$content/ead.xml" --metadata-type=EAD \
        --representation-data="$content/关于抗洪抢险的紧急通知.pdf,$content/第1页.tif" --representation-type=MIXED
}
for algorithm in SHA-256 SHA-512 MD5; do
    check "commons-ip makes a package with $algorithm" make_csip "$algorithm" Folder
    check "ours: it is valid" verdict 0 "$scratch/csip-$algorithm"
    damaged "$scratch/csip-$algorithm" representations/rep1/data/第1页.tif "CSIP with $algorithm"
done
check "commons-ip makes a zip" make_csip SHA-384 Zip
check "ours: the zip is valid" verdict 0 "$scratch/csip-SHA-384.zip"
head -c 3000 "$scratch/csip-SHA-384.zip" >"$scratch/cut.zip"
check "ours: the zip cut off" verdict 1 "$scratch/cut.zip" cut.zip

for algorithms in sha256 'sha256 sha512' 'md5 sha1'; do
    bag="$scratch/bag-${algorithms// /-}"
    cp -r "$content" "$bag"
    # shellcheck disable=SC2086
    check "bagit.py makes a bag with $algorithms" "$venv/bin/python" -m bagit --quiet $(printf -- '--%s ' $algorithms) "$bag"
    check "ours: it is valid" verdict 0 "$bag"
    damaged "$bag" data/第1页.tif "bag with $algorithms"
done

# The same bag in every zip people send: the report is that of the folder, to the byte.
bag=$scratch/bag-sha256
"$archive" transfer verify "$bag" --json >"$scratch/of-folder"
zipped() {
    "$archive" transfer verify "$1" --json >"$scratch/of-zip" || return 1
    cmp "$scratch/of-folder" "$scratch/of-zip"
}
(cd "$scratch" && python3 -m zipfile -c python.zip bag-sha256)
(cd "$bag" && 7z a -y -tzip -mcu=on "$scratch/7z.zip" . && 7z a -y -tzip -mcu=on -mx=0 "$scratch/7z-stored.zip" .) >/dev/null
check "ours: Python's zip of a bag gets the folder's report" zipped "$scratch/python.zip"
check "ours: 7z's zip gets the folder's report" zipped "$scratch/7z.zip"
check "ours: 7z's stored zip gets the folder's report" zipped "$scratch/7z-stored.zip"
# Info-ZIP writes UTF-8 and doesn't say so: that is told, and holds nothing up.
(cd "$bag" && zip -qr "$scratch/info.zip" .)
check "ours: Info-ZIP's zip is valid" verdict 0 "$scratch/info.zip"
# Names in GBK, as Windows in China wrote them for twenty years: named as what they are, and not guessed at.
python3 - "$bag" "$scratch/gbk.zip" <<'PYTHON'
import os, sys, zipfile
class Gbk(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), 0
with zipfile.ZipFile(sys.argv[2], "w") as package:
    for at, _, names in sorted(os.walk(sys.argv[1])):
        for name in sorted(names):
            path = os.path.join(at, name)
            with open(path, "rb") as file:
                package.writestr(Gbk(os.path.relpath(path, sys.argv[1])), file.read())
PYTHON
check "ours: names in GBK are refused by name" verdict 1 "$scratch/gbk.zip" data/关于抗洪抢险的紧急通知.pdf
(cd "$bag" && 7z a -y -tzip -psecret "$scratch/locked.zip" .) >/dev/null
check "ours: an encrypted zip is refused" verdict 1 "$scratch/locked.zip" bagit.txt
tar -C "$scratch" -cf "$scratch/bag.tar" bag-sha256
check "ours: a tar is no package, and that is said" verdict 3 "$scratch/bag.tar"

# A million tiny files, as a zip: bounded memory and time, and every missing one named.
python3 - "$scratch/million.zip" <<'PYTHON'
import hashlib, sys, zipfile
digest = hashlib.sha256(b"x").hexdigest()
with zipfile.ZipFile(sys.argv[1], "w") as package:
    package.writestr("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    lines = []
    for number in range(1_000_000):
        path = f"data/{number // 1000:03}/{number % 1000:03}.txt"
        package.writestr(path, b"x")
        lines.append(f"{digest}  {path}\n")
    lines.append(f"{digest}  data/gone.txt\n")
    package.writestr("manifest-sha256.txt", "".join(lines))
PYTHON
million() {
    timeout 120 python3 - "$archive" "$scratch/million.zip" "$scratch/verdict" <<'PYTHON' || return 1
import json, resource, subprocess, sys
with open(sys.argv[3], "wb") as out:
    ended = subprocess.run([sys.argv[1], "transfer", "verify", sys.argv[2], "--json"], stdout=out)
assert ended.returncode == 1, ended
verdict = json.load(open(sys.argv[3]))
errors = [finding["where"].get("file") for finding in verdict["findings"] if finding["severity"] == "error"]
assert errors == ["data/gone.txt"], errors
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
assert memory < 256, f"{memory:.0f} MB"
PYTHON
}
check "ours: a million tiny files in a zip, in bounded memory and time" million
rm -f "$scratch/million.zip"
exit $failed
