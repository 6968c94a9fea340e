#!/usr/bin/env bash
# Fetch axe-core from npm: the script with which the tests find obstacles for readers who use a screen reader or a keyboard.
# Usage: tools/refresh_axe.sh [version]
set -euo pipefail
version=${1:-4.14.1}
target=$(cd "$(dirname "$0")/.." && pwd)/tests/site/axe
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent "axe-core@$version" >/dev/null && tar -xzf axe-core-*.tgz)

rm -rf "$target"
mkdir -p "$target"
cd "$scratch/package"
cp LICENSE LICENSE-3RD-PARTY.txt axe.min.js "$target/"
echo "$version" >"$target/VERSION"
