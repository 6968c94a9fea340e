#!/usr/bin/env bash
# Ask every address that the book links to whether it is still there. Needs the network.
set -euo pipefail
. "$(dirname "$0")/fresh_environment.sh"
pip install -q -r requirements.txt
jupyter-book build --builder linkcheck --path-output "$scratch" .
