# Sourced by run, test and check: finds Python and brings .venv up to date. POSIX sh.
# $root is the checkout. ready base|test returns at once when the stamp in .venv says that nothing has changed.

tell() { printf '%s\n' "$@" >&2; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        # Run it: a name on the path may be a shim for a Python that is not there.
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    tell "没有找到 Python 3.11 或更新的版本。请先安装:" \
        "Python 3.11 or newer was not found. Install it first:" \
        "    sudo apt-get install python3 python3-venv    # macOS: brew install python@3.12"
    return 1
}

ready() {
    wanted=$(cat "$root/pyproject.toml" "$root/scripts/constraints.txt" | cksum)
    now="$wanted|$root|$("$root/.venv/bin/python" -V 2>/dev/null)"
    if [ -f "$root/.venv/stamp-$1" ] && [ "$(cat "$root/.venv/stamp-$1")" = "$now" ]; then
        return 0
    fi
    python=$(find_python) || return 1
    if [ "$1" = test ]; then
        (cd "$root" && "$python" -m scripts.install --stamp "$wanted" --test)
    else
        (cd "$root" && "$python" -m scripts.install --stamp "$wanted")
    fi
}
