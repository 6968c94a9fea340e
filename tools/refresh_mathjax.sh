#!/usr/bin/env bash
# Fetch MathJax from npm and keep the files that the site serves itself: the TeX component, its fonts, its lazy extensions.
# Usage: tools/refresh_mathjax.sh [version]
set -euo pipefail
version=${1:-3.2.2}
target=$(cd "$(dirname "$0")/.." && pwd)/vendor/mathjax
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent "mathjax@$version" >/dev/null && tar -xzf mathjax-*.tgz)

rm -rf "$target"
mkdir -p "$target/output/chtml/fonts" "$target/input"
cd "$scratch/package"
cp LICENSE es5/tex-chtml.js "$target/"
cp -r es5/output/chtml/fonts/woff-v2 "$target/output/chtml/fonts/"
cp -r es5/input/tex "$target/input/"
rm "$target/input/tex/extensions/all-packages.js"  # holds all the others once more
echo "$version" >"$target/VERSION"
