#!/usr/bin/env bash
# Build the book, serve it on http://127.0.0.1:8000, and rebuild whenever a file changes. The browser reloads by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'rm -f conf.py' EXIT
jupyter-book config sphinx . >/dev/null  # sphinx-autobuild needs Jupyter Book's settings as a conf.py
sphinx-autobuild --watch src --ignore _build -d _build/.doctrees . _build/html "$@"
