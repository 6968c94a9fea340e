#!/usr/bin/env bash
# Check that every address that the book links to still answers. DOIs are looked up in their register, because publishers
# refuse robots. Needs the network.
set -euo pipefail
. "$(dirname "$0")/fresh_environment.sh"
pip install -q -r requirements.txt
status=0
jupyter-book build --builder linkcheck --path-output "$scratch" . || status=1
for doi in $(sed -nE 's/^ *doi *= *\{([^}]*)\}.*/\1/p' references.bib); do
  curl --silent --fail --output /dev/null --max-time 30 "https://doi.org/api/handles/$doi" || { echo "no answer for the DOI $doi"; status=1; }
done
exit $status
