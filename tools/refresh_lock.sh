#!/usr/bin/env bash
# Resolve everything below requirements-dev.txt anew, for every Python from 3.11 on, into constraints.txt. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."
uv --version >/dev/null  # missing: stop here
: >constraints.txt  # the old versions must not constrain the new
uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --no-emit-package exactzeros \
  requirements-dev.txt --output-file constraints.txt
sed -i '1i # The version of every package below requirements*.txt; made by tools/refresh_lock.sh.' constraints.txt
