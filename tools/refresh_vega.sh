#!/usr/bin/env bash
# Fetch the Vega runtime from npm: one script that computes and draws the live figures.
# Usage: tools/refresh_vega.sh [version]
set -euo pipefail
version=${1:-6.4.0}
target=$(cd "$(dirname "$0")/.." && pwd)/press/press/runtimes/vega
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent "vega@$version" >/dev/null && tar -xzf vega-*.tgz)

rm -rf "$target"
mkdir -p "$target"
cd "$scratch/package"
cp LICENSE build/vega.min.js "$target/"
echo "$version" >"$target/VERSION"
