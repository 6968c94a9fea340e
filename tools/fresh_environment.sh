# Sourced by the scripts that begin from nothing: the book's folder, a scratch folder that goes away at the end, and in it a
# new virtual environment, which is active.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
. "$scratch/venv/bin/activate"
