"""Time builds of the book side by side: as it is, as stock Jupyter Book caches pages, and with execution off.

Each round builds from nothing, again without a change, and after an edit of one chapter's prose, in a copy of the tree.
The first two are compared with the same build of stock, the third with a build from nothing with execution off.

Usage: python benchmarks/build_time.py [ROUNDS]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import yaml

import press

ROOT = Path(__file__).resolve().parents[1]
OURS = ("press.execution", "press.atomic")
TARGETS = {"cold": ("cold", "stock", 0.65), "unchanged": ("unchanged", "stock", 1.0), "prose": ("cold", "off", 1.3)}


def configurations(book):
    """Write the settings of the three kinds of build beside the book's own, and return their names."""
    settings = yaml.safe_load((book / "_config.yml").read_text())
    extensions = settings["sphinx"]["config"]["extensions"]
    parts = [f"press.{name}" for name in press.EXTENSIONS]
    stock = [name for name in (*extensions[: extensions.index("press")], *parts) if name not in OURS]
    for kind, used, execution in (("ours", extensions, "cache"), ("stock", stock, "cache"), ("off", stock, "off")):
        settings["sphinx"]["config"]["extensions"] = used
        settings["execute"]["execute_notebooks"] = execution
        (book / f"_{kind}.yml").write_text(yaml.safe_dump(settings))
    return "ours", "stock", "off"


def build(book, kind):
    """Return how long one build takes."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", "--config", f"_{kind}.yml", "--path-output", book.parent / kind, "."]
    start = perf_counter()
    subprocess.run(command, cwd=book, check=True, capture_output=True)
    return perf_counter() - start


def one_round(number, times):
    """Add the times of one round, the kinds of build turn by turn."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        shutil.copytree(ROOT, book, ignore=shutil.ignore_patterns(".*", "_build", "__pycache__"))
        kinds = configurations(book)
        for step in TARGETS:
            if step == "prose":
                chapter = book / "chapters" / "priors.md"
                chapter.write_text(chapter.read_text() + "\nOne more sentence.\n")
            for kind in kinds[number % 3 :] + kinds[: number % 3]:
                times.setdefault((step, kind), []).append(build(book, kind))


def main(rounds=3):
    """Print the medians and the ratios."""
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # compiled once, as for any user
    times = {}
    for number in range(rounds):
        one_round(number, times)
    median = {key: statistics.median(values) for key, values in times.items()}
    print(f"{'':12}{'ours':>8}{'stock':>8}{'off':>8}   ratio")
    for step, (*floor, target) in TARGETS.items():
        row = "".join(f"{median[step, kind]:7.1f}s" for kind in ("ours", "stock", "off"))
        print(f"{step:12}{row}   {median[step, 'ours'] / median[*floor]:.2f} of {' '.join(floor)} (at most {target})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
