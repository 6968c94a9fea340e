#!/usr/bin/env bash
# Build the book and test it with the newest versions of what it uses, and print which are newer than the pinned ones.
set -euo pipefail
. "$(dirname "$0")/fresh_environment.sh"
# Jupyter Book 2 is another program, and what it is made of has to fit version 1.
sed -E '/^(-|#|$)/d; s/ *#.*//; s/^jupyter-book==.*/jupyter-book<2/; s/==[^;]+//' requirements.txt requirements-test.txt \
  >"$scratch/newest.txt"
pip install -q -r "$scratch/newest.txt" -e .
pip freeze --exclude-editable | sort >"$scratch/now.txt"
grep -hE '^[a-zA-Z]' requirements.txt requirements-test.txt | sed -E 's/ *[;#].*//' | sort >"$scratch/pinned.txt"
echo "newer than pinned:"
comm -13 "$scratch/pinned.txt" "$scratch/now.txt" | grep -F -f <(sed 's/==.*/==/' "$scratch/pinned.txt") || echo "nothing"
jupyter-book build -W -n --keep-going --path-output "$scratch" .
pytest
