#!/usr/bin/env bash
# Fuzzes the targets: run.sh [SECONDS EACH [TARGET...]]; all of them and 10 s each unless told otherwise.
#
# Stable Rust does: the coverage that libFuzzer steers by is a pass of LLVM, and no sanitizer is wanted, for there
# is no unsafe code of ours to watch. What is found lies in fuzz/found, what was learnt in fuzz/corpus (not kept in git).
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-10}
shift || true
export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-$PWD/target}
host=$(rustc -vV | sed -n 's/^host: //p')
coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=16'
# The versions are those of the program itself; what only fuzzing needs comes on top.
[ Cargo.lock -nt ../Cargo.lock ] || cp ../Cargo.lock Cargo.lock
# With a target named, build scripts and macros are built without it.
RUSTFLAGS="--cfg fuzzing $coverage" cargo build --quiet --release --target "$host" --bins
# What readers write on the way (a restored export, an unpacked bag) is written ten times faster into memory.
[ -w /dev/shm ] && export TMPDIR=${TMPDIR:-/dev/shm}
targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(for file in targets/*.rs; do basename "$file" .rs; done)
failed=()
total=0
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "found/$target" "seeds/$target"
    log=found/$target.log
    # A reader may take 10 s and 2 GB.
    if "$CARGO_TARGET_DIR/$host/release/$target" "corpus/$target" "seeds/$target" -artifact_prefix="found/$target/" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 >"$log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        total=$((total + runs))
        printf '%-18s %10s inputs, coverage %s\n' "$target" "$runs" "$(grep -o 'cov: [0-9]*' "$log" | tail -1)"
    else
        failed+=("$target")
        printf '%-18s FAILED:\n' "$target"
        grep -aE 'panicked|ERROR|SUMMARY|Test unit written' "$log" | head -5
    fi
done
echo "$total inputs for ${#targets[@]} readers, ${#failed[@]} of them failed"
((${#failed[@]} == 0))
