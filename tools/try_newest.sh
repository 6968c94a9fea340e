#!/usr/bin/env bash
# Build and test the book with the newest versions of its dependencies, and print which are newer than the pinned ones.
set -euo pipefail
. "$(dirname "$0")/fresh_environment.sh"
# Jupyter Book 2 is a different program; its place is taken by the newest version 1 and what fits it.
sed -E '/^(-|#|$)/d; s/ *#.*//; s/^jupyter-book==.*/jupyter-book<2/; s/==[^;]+//' requirements.txt requirements-test.txt \
  >"$scratch/newest.txt"
pip install -q -r "$scratch/newest.txt" -e .
pip freeze --exclude-editable | sort >"$scratch/now.txt"
grep -hE '^[a-zA-Z]' requirements.txt requirements-test.txt | sed -E 's/ *[;#].*//' | sort >"$scratch/pinned.txt"
echo "newer than the pinned versions:"
comm -13 "$scratch/pinned.txt" "$scratch/now.txt" | grep -F -f <(sed 's/==.*/==/' "$scratch/pinned.txt") || echo "nothing"
jupyter-book build -W -n --keep-going --path-output "$scratch" .
pytest
