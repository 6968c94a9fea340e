#!/usr/bin/env bash
# Resolve all dependencies of requirements-dev.txt again, for Python 3.11 and later, into constraints.txt. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."
uv --version >/dev/null  # stop here if uv is missing
: >constraints.txt  # so that the old versions do not constrain the new ones
uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --no-emit-package exactzeros \
  --no-emit-package press \
  requirements-dev.txt --output-file constraints.txt
sed -i '1i # The version of every package that requirements*.txt bring in; written by tools/refresh_lock.sh.' constraints.txt
