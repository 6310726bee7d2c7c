# The locked installation that demo.sh and test.sh share; to be sourced at the root of the checkout.

# Without compiled modules every worker and every command of a test compiles them anew: seconds each time.
unset PYTHONDONTWRITEBYTECODE

fail() {
    echo "$0: $*" >&2
    exit 2
}

# A Python from 3.11 on: $PYTHON, else the first that answers.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13 python; do
        if [[ -n "$candidate" ]] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python from 3.11 on found; install it, or name it: PYTHON=/path/to/python3.11 bash $0"
}

# install_locked LOCK: .venv as the lock says. Done again only when the lock or the project's own metadata changed.
install_locked() {
    local lock="$1" python stamp installed=".venv/$1.sha256"
    python="$(find_python)"
    stamp="$("$python" -c 'import hashlib,sys; print(hashlib.sha256(b"".join(open(f,"rb").read() for f in sys.argv[1:])).hexdigest())' \
        "$lock" pyproject.toml)"
    if [[ -x .venv/bin/govcrawl && "$(cat "$installed" 2>/dev/null)" == "$stamp" ]]; then
        return
    fi
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$python has no venv or ensurepip; on Debian and Ubuntu: apt-get install python3.11-venv"
    echo "installing into .venv (once; some minutes on a slow line)" >&2
    [[ -x .venv/bin/python ]] || "$python" -m venv .venv ||
        fail "cannot make .venv with $python; on Debian and Ubuntu: apt-get install python3.11-venv"
    # setuptools is in the lock, so that the second command needs no package that is not locked. The lock is complete; what is never
    # imported need not be compiled.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r "$lock" ||
        fail "the locked installation failed; the lines above say which package. A proxy or mirror is named by PIP_INDEX_URL"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ||
        fail "govcrawl itself could not be installed; the lines above say why"
    echo "$stamp" >"$installed"
}
