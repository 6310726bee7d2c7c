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
export PATH="$PWD/.venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1

if [[ $# -gt 0 ]]; then
    exec python -m tests.services.elasticsearch python -m pytest "$@"
fi

failed=() summary=()

# step NAME COMMAND...: runs it, remembers how it ended and how long it took.
step() {
    local name="$1" began=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        summary+=("ok    $((SECONDS - began)) s  $name")
    else
        summary+=("FAIL  $((SECONDS - began)) s  $name")
        failed+=("$name")
    fi
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

step "lint" ruff check .
step "format" ruff format --check .
step "types" mypy
step "import contracts" lint-imports
step "smells" python -m tests.smells
step "detectors' own examples" govcrawl detectors check
step "tests" python -m tests.services.elasticsearch python -m pytest
step "quality on labelled pages" quality
step "speed against stock scrapy-redis" python -m tests.bench --short

printf '\n== summary, %d s\n' "$SECONDS"
printf '%s\n' "${summary[@]}"
[[ ${#failed[@]} -eq 0 ]] || { printf 'failed: %s\n' "${failed[@]}" >&2; exit 1; }
