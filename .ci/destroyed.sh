#!/usr/bin/env bash
# Destroys by list what is due in a copy of a repository, scans and all, and lets other people's validators judge
# the storage root that is left: objects of which only a tombstone remains.
#
#   .ci/destroyed.sh ARCHIVE REPOSITORY      (the built command, and a repository of the year 2004)
set -euo pipefail

archive=$1
. "$(dirname "$0")/judging.bash"
cp -r "$2" "$scratch/repository"

# as NAME WORDS…: what somebody does, half a century on; the answer lies in $scratch/answer.
as() {
    local who=$1
    shift
    "$archive" "$@" -R "$scratch/repository" --operator "$who" --today 2060-03-01 --json >"$scratch/answer"
}
# told EXPRESSION: something of the answer, which is `it`.
told() { python3 -c "import json, sys; it = json.load(open(sys.argv[1])); print($1)" "$scratch/answer"; }

as 经办人 disposal due
mapfile -t codes < <(told '"\n".join(one["code"] for one in it["records"] if one["period"] != "永久" and "-" in one["code"])')
as 经办人 disposal list new --title 到期案卷
list=$(told 'it["number"]')
as 经办人 disposal list add "$list" "${codes[@]}" --reason 到期
digest=$(told 'it["digest"]')
as 主管领导 disposal approve "$list" --digest "$digest"
as 经办人 disposal supervise "$list" --supervisor 监销人甲 --supervisor 监销人乙 --place 造纸厂 --time '2060-03-01 14:00'
as 经办人 disposal destroy "$list"
files=$(told 'it["files"]')
[ "$files" -gt 0 ] || { echo "FAILED  nothing with scans was destroyed: there is nothing to judge"; exit 1; }
echo "note    ${#codes[@]} volumes with $files files were destroyed"
bash "$(dirname "$0")/ocfl.sh" "$scratch/repository/objects"
