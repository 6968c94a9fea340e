#!/usr/bin/env bash
# Fetch Python for browsers: Pyodide from npm, and NumPy's wheel for it, which is on no registry by itself. A wheel on PyPI
# holds it; it is taken only if its SHA-256 is the one in Pyodide's own list.
# Usage: tools/refresh_pyodide.sh [version of pyodide] [wheel on PyPI that holds NumPy's]
set -euo pipefail
version=${1:-314.0.3}
holder=${2:-open-webui==0.12.4}
target=$(cd "$(dirname "$0")/.." && pwd)/press/press/runtimes/pyodide
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm pack --silent "pyodide@$version" >/dev/null && tar -xzf pyodide-*.tgz
pip download --quiet --no-deps --only-binary :all: --dest wheels "$holder"

find "$target" -type f ! -name "LICENSE*" -delete
python3 - package wheels "$target" <<'PYTHON'
import gzip, hashlib, json, sys, zipfile
from pathlib import Path

package, wheels, target = map(Path, sys.argv[1:])
expected = json.loads((package / "pyodide-lock.json").read_text())["packages"]["numpy"]
(holder,) = wheels.glob("*.whl")
with zipfile.ZipFile(holder) as archive:
    (member,) = [name for name in archive.namelist() if name.endswith(f"/{expected['file_name']}")]
    numpy = archive.read(member)
if hashlib.sha256(numpy).hexdigest() != expected["sha256"]:
    sys.exit(f"{member} of {holder.name} is not the file that Pyodide names")
(target / expected["file_name"]).write_bytes(numpy)

upstream = {expected["file_name"]: numpy}
for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
    upstream[name] = (package / name).read_bytes()
    if name.endswith(".wasm"):  # as the site serves it
        (target / f"{name}.gz").write_bytes(gzip.compress(upstream[name], 9, mtime=0))
    else:
        (target / name).write_bytes(upstream[name])
lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(upstream.items())]
(target / "SHA256SUMS").write_text("".join(lines))
PYTHON
echo "$version" >"$target/VERSION"
