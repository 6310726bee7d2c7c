#!/usr/bin/env bash
# Installs govcrawl into .venv (locked, hashes checked) and shows it on a small made-up government web.
#
#   bash deploy/demo.sh [--now DATE ...]     the arguments go to `govcrawl demo`
#   PYTHON=/path/to/python3.11 bash deploy/demo.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/install.sh
source deploy/install.sh
install_locked requirements.lock
exec .venv/bin/govcrawl demo "$@"
