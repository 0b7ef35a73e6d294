# What the scripts that put other people's tools to our output have in common: to be sourced.
#
# `cache` is where tools are kept between runs, outside the repository; `scratch` goes away at the end;
# `failed` becomes 1 when a check fails.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/archive-ci
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# check NAME COMMAND…: runs it, says how it went.
check() {
    local name=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        sed 's/^/        /' "$scratch/said" | tail -20
        failed=1
    fi
}
