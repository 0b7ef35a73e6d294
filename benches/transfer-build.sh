#!/usr/bin/env bash
# What building a package costs beside copying and hashing the same bytes, and the memory it takes.
#
#   benches/transfer-build.sh [FOLDER]      a folder on a disk with 40 GB free; default: a temporary one
#
# Three inputs: 2 GiB in 20,000 files, 8 GiB in one file, and 200,000 tiny files for the memory. Each is copied by
# cp and hashed by openssl (the processor's SHA instructions), then packed as a folder and as a zip; both are seen
# onto the disk. Ratios of processor and wall time are printed, of the best of ROUNDS rounds; a loaded machine
# spoils the wall times, hardly the ratios of processor time. What was written is emptied and put aside, and only
# deleted at the end: ext4 gives a freed inode out again after minutes, and searching past thousands of them would
# be counted against whoever writes most files next.
set -euo pipefail
cd "$(dirname "$0")/.."
place=${1:-$(mktemp -d)}
rounds=${ROUNDS:-3}
mkdir -p "$place"
cargo build --quiet --release --locked -p archive-transfer --example package
pack=${CARGO_TARGET_DIR:-target}/release/examples/package

# make_input NAME VOLUMES ITEMS PAGES BYTES: volumes of items of pages.
make_input() {
    local root=$place/$1
    [ -d "$root" ] && return
    python3 - "$root" "$2" "$3" "$4" "$5" <<'PYTHON'
import os, random, sys
root, volumes, items, pages, length = sys.argv[1], *map(int, sys.argv[2:])
block = random.Random(7).randbytes(1 << 20)
for volume in range(volumes):
    for item in range(items):
        folder = f"{root}/卷{volume:04}/件{item:04}"
        os.makedirs(folder)
        for page in range(pages):
            with open(f"{folder}/{page:04}.tif", "wb") as file:
                file.write(b"II*\0" + page.to_bytes(4, "little") + volume.to_bytes(4, "little"))
                left = length - 12
                while left > 0:
                    left -= file.write(block[:min(left, len(block))])
PYTHON
}

# put_aside: frees the room of what was written, and keeps its inodes.
put_aside() {
    local out spent
    for out in "$place/out" "$place/out.zip"; do
        [ -e "$out" ] || continue
        find "$out" -type f -size +64k -exec truncate -s 0 {} +
        mkdir -p "$place/spent"
        spent=$(find "$place/spent" -mindepth 1 -maxdepth 1 | wc -l)
        mv "$out" "$place/spent/$spent"
    done
}

# best COMMAND…: the least processor and wall seconds and the most memory of the rounds.
best() {
    for _ in $(seq "$rounds"); do
        put_aside
        /usr/bin/time -f '%U %S %e %M' -o "$place/time" "$@" >/dev/null
        cat "$place/time"
    done | awk '{cpu=$1+$2; if(NR==1||cpu<c)c=cpu; if(NR==1||$3<w)w=$3; if($4>m)m=$4} END{printf "%.2f %.2f %d\n", c, w, m/1024}'
}

compare() {
    local input=$place/$1
    read -r base_cpu base_wall _ < <(best bash -c 'cp -r "$1" "$2" && find "$1" -type f -print0 | xargs -0 openssl dgst -sha256 >/dev/null && sync -f "$2"' _ "$input" "$place/out")
    printf '%-28s copy and hash   %7.2f s cpu  %7.2f s\n' "$1" "$base_cpu" "$base_wall"
    for target in folder zip; do
        local out=$place/out
        [ $target = zip ] && out=$place/out.zip
        read -r cpu wall memory < <(best "$pack" build $target "$input" "$out")
        awk -v n="$1" -v t=$target -v c="$cpu" -v w="$wall" -v m="$memory" -v bc="$base_cpu" -v bw="$base_wall" \
            'BEGIN{printf "%-28s %-15s %7.2f s cpu  %7.2f s   x%.2f cpu  x%.2f wall  %d MB\n", n, "build " t, c, w, c/bc, w/bw, m}'
    done
    put_aside
}

make_input 2GiB-20000-files 100 20 10 107374
compare 2GiB-20000-files
make_input 8GiB-one-file 1 1 1 8589934592
compare 8GiB-one-file
make_input 200000-tiny-files 100 20 100 40
compare 200000-tiny-files
rm -rf "$place/spent"
[ $# -gt 0 ] || rm -rf "$place"
