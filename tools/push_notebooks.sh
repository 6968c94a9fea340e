#!/usr/bin/env bash
# Push the built site's notebooks, and the wheel that they install, to the branch `notebooks`. Colab opens them from there.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tree"
(cd _build/html/_sources && find . -name '*.ipynb' -exec cp --parents {} "$scratch/tree" \;)
cp _build/html/exactzeros-*.whl "$scratch/tree"
commit=$(git rev-parse --short HEAD)
export GIT_WORK_TREE=$scratch/tree GIT_INDEX_FILE=$scratch/index
git add --all .
tree=$(git write-tree)
git push --force origin "$(git commit-tree "$tree" -m "Notebooks of $commit"):refs/heads/notebooks"
