#!/usr/bin/env bash
# Push the notebooks of the built site to the branch `notebooks`, where Colab opens them from, and the wheel that they install.
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
