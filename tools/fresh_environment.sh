# For scripts that start from scratch, which source this file: go to the book's folder, make a temporary folder that is
# removed on exit, and activate a new virtual environment in it.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
. "$scratch/venv/bin/activate"
