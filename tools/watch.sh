#!/usr/bin/env bash
# Build the book, serve it on http://127.0.0.1:8000, and build again whenever a file changes; the browser follows.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'rm -f conf.py' EXIT
jupyter-book config sphinx . >/dev/null  # Jupyter Book's settings as a conf.py, which sphinx-autobuild asks for
sphinx-autobuild --watch src --ignore _build -d _build/.doctrees . _build/html "$@"
