#!/usr/bin/env bash
# Ask every address that the book links to whether it is still there. Needs the network.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
. "$scratch/venv/bin/activate"
pip install -q -r requirements.txt
jupyter-book build --builder linkcheck --path-output "$scratch" .
