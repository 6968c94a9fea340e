#!/usr/bin/env bash
# Fetch Latin Modern Math from Debian's package fonts-lmodern, keep only the characters that formulas use, and save as WOFF2.
# Usage: tools/refresh_math_font.sh        Needs apt-get, dpkg-deb and uv (which runs fonttools).
set -euo pipefail
target=$(cd "$(dirname "$0")/.." && pwd)/press/press/fonts/latin-modern
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
apt-get download -qq fonts-lmodern
dpkg-deb -x fonts-lmodern_*.deb .

rm -rf "$target"
mkdir -p "$target"
# Latin and Greek (upright, bold, italic), number sets, arrows, operators, brackets. The whole font takes 230 kB.
characters="20-7e,a0,ac,b1,b7,d7,f7,391-3f6,2016,2020-2022,2026,2032-2034,2061-2064,2102,210e,2111,2113,2115,211a,211c,211d,2124,2190-2194,21a6,21d0-21d4"
characters+=",2200,2202-2209,220b,220f,2211-2213,2216-221a,221d,221e,2220,2223,2225,2227-222b,223c,2243,2245,2248,2260,2261,2264,2265"
characters+=",226a,226b,227a-227d,2282,2283,2286,2287,2295,2297,22a4,22a5,22c5,22ef,2308-230b,23de,23df,27e8,27e9,1d400-1d467,1d6a8-1d71b"
uvx --quiet --from fonttools==4.68.0 --with brotli==1.1.0 pyftsubset usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf \
  --unicodes="$characters" --layout-features='' --flavor=woff2 --output-file="$target/latinmodern-math.woff2"
cp usr/share/doc/fonts-lmodern/copyright "$target/LICENSE"
dpkg-deb -f fonts-lmodern_*.deb Version >"$target/VERSION"
