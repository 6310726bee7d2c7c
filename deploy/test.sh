#!/usr/bin/env bash
# Installs govcrawl into .venv (locked, hashes checked) and runs every check and test, on a real Valkey and a real Elasticsearch.
#
#   bash deploy/test.sh              everything; ends with a line for each step
#   bash deploy/test.sh tests/page   only these tests, without the other checks
#
# Needs Python 3.11 and, for Elasticsearch, a JDK from 21 on (JAVA_HOME or /usr/lib/jvm) with Maven; the server itself is fetched once.
# GOVCRAWL_TEST_ELASTICSEARCH_URL names a running server to use instead. Quality on labelled pages is measured where the corpus lies
# (GOVCRAWL_CORPUS, or ../shared/corpus); with CI=true it must be there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/install.sh
source deploy/install.sh
install_locked requirements-dev.lock
export PATH="$PWD/.venv/bin:$PATH"

if [[ $# -gt 0 ]]; then
    exec python -m tests.services.elasticsearch python -m pytest "$@"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# step NAME COMMAND...: runs it, remembers how it ended and how long it took.
step() {
    local name="$1" began=$SECONDS ended=ok
    shift
    printf '\n== %s\n' "$name"
    "$@" || ended=FAIL
    printf '%-4s  %4d s  %s\n' "$ended" $((SECONDS - began)) "$name" >>"$work/summary"
}

# quality: precision and recall on the labelled pages, where they lie.
quality() {
    local corpus="${GOVCRAWL_CORPUS:-../shared/corpus}"
    if [[ -f "$corpus/MANIFEST.tsv" ]]; then
        python -m tests.eval
    elif [[ "${CI:-}" == true ]]; then
        echo "no labelled pages in $corpus; CI needs them" >&2
        return 1
    else
        echo "no labelled pages in $corpus: the quality of the detectors is not measured here"
    fi
}

# These need no server: they run beside the tests, which wait a good deal.
checks() {
    step "lint" ruff check .
    step "format" ruff format --check .
    step "types" mypy
    step "import contracts" lint-imports
    step "smells" python -m tests.smells
    step "detectors' own examples" govcrawl detectors check
    step "quality on labelled pages" quality
}

# The server of Elasticsearch costs a good part of a small machine as long as it runs: its tests are together, and it ends with them.
on_elasticsearch() {
    step "tests and speed on Elasticsearch" python -m tests.services.elasticsearch bash -c \
        'python -m pytest --durations 8 "$@" && python -m tests.bench --short --only store' tests "${ON_ELASTICSEARCH[@]}"
}

ON_ELASTICSEARCH=(tests/store tests/e2e/test_stores.py tests/e2e/test_runbook.py)

checks >"$work/checks" 2>&1 &
on_elasticsearch >"$work/elasticsearch" 2>&1 &
step "tests" python -m pytest --numprocesses 2 --dist loadfile --durations 25 "${ON_ELASTICSEARCH[@]/#/--ignore=}"
wait
cat "$work/elasticsearch" "$work/checks"
step "speed against stock scrapy-redis" python -m tests.bench --short

printf '\n== summary, %d s\n' "$SECONDS"
cat "$work/summary"
# A step that died without a word is missing there.
[[ $(grep -c ^ok "$work/summary") -eq 10 ]]
