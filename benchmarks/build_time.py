"""Time a cold build of the book against its floor.

The floor is a cold build of the same pages with execution off, plus, for each page with code, one kernel that starts and
imports numpy, matplotlib.pyplot and sympy. Build and floor take turns; the medians are compared.

Usage: python benchmarks/build_time.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import nbformat
import yaml
from nbclient import NotebookClient

TARGET = 1.5
os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # compiled once, as for any user
ROOT = Path(__file__).resolve().parents[1]


def build(*options):
    """Return how long one cold build takes."""
    with tempfile.TemporaryDirectory() as output:
        command = [Path(sys.executable).with_name("jupyter-book"), "build", *options, "--path-output", output, ROOT]
        start = perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return perf_counter() - start


def build_without_execution():
    """Return how long one cold build takes that runs no cell."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    config["execute"]["execute_notebooks"] = "off"
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        yaml.safe_dump(config, file)
        file.flush()
        return build("--config", file.name)


def start_kernel():
    """Return how long a kernel takes to start, import and stop."""
    cell = nbformat.v4.new_code_cell("import numpy, matplotlib.pyplot, sympy")
    start = perf_counter()
    NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
    return perf_counter() - start


def main(rounds=3):
    """Print the medians and the ratio."""
    pages = [ROOT / "index.md", *ROOT.glob("chapters/*.md")]
    executed = sum("{code-cell}" in page.read_text() for page in pages)
    steps = {build: [], build_without_execution: [], start_kernel: []}
    start_kernel()  # compiles what is not compiled yet
    for _ in range(rounds):
        for step, measured in steps.items():
            measured.append(step())
    ours, pages_only, kernel = map(statistics.median, steps.values())
    floor = pages_only + executed * kernel
    print(f"cold build:                  {ours:6.1f} s")
    print(f"floor:                       {floor:6.1f} s = {pages_only:.1f} s + {executed} kernels of {kernel:.2f} s")
    print(f"ratio: {ours / floor:.2f} (at most {TARGET})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
