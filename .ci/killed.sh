#!/usr/bin/env bash
# Kills commands at work, and lets other people's validators judge the storage roots they left.
#
#   .ci/killed.sh ARCHIVE      (the built command)
#
# ARCHIVE_KILLS is how often each command is stopped in each way (see archive-cli/tests/it/killed).
set -euo pipefail

archive=$(realpath "$1")
. "$(dirname "$0")/judging.bash"
mkdir "$scratch/roots"
ARCHIVE_PROGRAM=$archive ARCHIVE_ROOTS=$scratch/roots \
    cargo test --quiet --workspace --test it -- --nocapture killed::a_command >"$scratch/said" 2>&1 ||
    { tail -60 "$scratch/said"; exit 1; }
grep 'commands: ' "$scratch/said"
roots=("$scratch"/roots/*)
echo "note    ${#roots[@]} different storage roots were left"
[ ${#roots[@]} -ge 3 ] || { echo "FAILED  too few to judge"; exit 1; }
for root in "${roots[@]}"; do
    bash "$(dirname "$0")/ocfl.sh" "$root" >"$scratch/judged" 2>&1 || { cat "$scratch/judged"; failed=1; }
done
[ $failed -eq 0 ] && echo "ok      ocfl-py, rocfl: all of them"
exit $failed
