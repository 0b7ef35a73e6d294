#!/usr/bin/env bash
# Lets other people's validators judge an OCFL storage root we made.
#
#   .ci/ocfl.sh ROOT          (the folder `objects` of a repository)
#
# Needs Python: ocfl-py is installed into a virtual environment outside the repository. rocfl judges too
# where it is installed (cargo install rocfl --no-default-features: ten minutes of compiling); where
# it isn't, that is said, and is a failure if ARCHIVE_CI_ROCFL=required.
set -uo pipefail

root=$(realpath "$1")
. "$(dirname "$0")/judging.bash"

venv=$cache/ocfl-venv
if ! "$venv/bin/python" -c "import ocfl" 2>/dev/null; then
    mkdir -p "$cache"
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet 'ocfl-py==2.1.0'
fi

# The tool prints its verdict; an object it could not open must not pass for a valid one.
ocfl_py() {
    "$venv/bin/python" "$venv/bin/ocfl-root.py" validate --root "$root" --validate-objects --check-digests \
        >"$scratch/root" 2>&1
    local status=$?
    cat "$scratch/root"
    [ $status -eq 0 ] && ! grep -qE '\bINVALID\b|\[E[0-9]{3}|Traceback' "$scratch/root"
}
check "ocfl-py: the root, its objects and their digests" ocfl_py

# validates_without_a_word OBJECT…: valid, and not even warned about.
validates_without_a_word() {
    "$venv/bin/python" "$venv/bin/ocfl-validate.py" "$@" >"$scratch/object" 2>&1
    local status=$?
    cat "$scratch/object"
    [ $status -eq 0 ] && ! grep -qE '\[[EW][0-9]{3}|Traceback' "$scratch/object"
}

# One object by itself: the one whose path comes first.
object=$(find "$root" -name '0=ocfl_object_1.1' -printf '%h\n' | sort | head -1)
if [ -n "$object" ]; then
    check "ocfl-py: one object" validates_without_a_word "$object"
else
    echo "note    the root holds no object"
fi

# What is left of objects whose contents were destroyed: each by itself.
mapfile -t tombstones < <(grep -rlZ --include=about.json '^  "destruction": {' "$root" | xargs -0r dirname | xargs -r dirname | xargs -r dirname | sort)
if [ ${#tombstones[@]} -gt 0 ]; then
    check "ocfl-py: ${#tombstones[@]} objects whose contents were destroyed" validates_without_a_word "${tombstones[@]}"
fi

rocfl=$(command -v rocfl || ls "$cache/rocfl/bin/rocfl" 2>/dev/null)
if [ -n "$rocfl" ]; then
    check "rocfl: the root, its objects and their digests" "$rocfl" -r "$root" validate
elif [ "${ARCHIVE_CI_ROCFL:-}" = required ]; then
    echo "FAILED  rocfl is not installed"
    failed=1
else
    echo "SKIPPED rocfl is not installed"
fi
exit $failed
