#!/usr/bin/env bash
# Ask every address that the book links to whether it is still there, and the register of DOIs for those of the references:
# publishers refuse robots. Needs the network.
set -euo pipefail
. "$(dirname "$0")/fresh_environment.sh"
pip install -q -r requirements.txt
status=0
jupyter-book build --builder linkcheck --path-output "$scratch" . || status=1
for doi in $(sed -nE 's/^ *doi *= *\{([^}]*)\}.*/\1/p' references.bib); do
  curl --silent --fail --output /dev/null --max-time 30 "https://doi.org/api/handles/$doi" || { echo "no answer for the DOI $doi"; status=1; }
done
exit $status
