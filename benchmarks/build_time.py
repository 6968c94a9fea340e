"""Time builds of the book side by side: as it is, as stock Jupyter Book caches pages, and with execution off.

Each round builds from nothing, again without a change, and after an edit of one chapter's prose, in a copy of the tree.
The first two are compared with the same build of stock, the third with a build from nothing with execution off.

First come the costs of each page that runs, one page after the other: starting the kernel, imports, cells that show a
figure, and all other cells. Each is given in seconds of processor time, of the kernel and the processes that it has
started, and of the clock. With 0 rounds the script prints these alone.

Usage: python benchmarks/build_time.py [ROUNDS]
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import jupytext
import nbformat
import yaml

import press
from press import execution, kernels
from press.browsing import pages
from press.runs import code_cells

ROOT = Path(__file__).resolve().parents[1]
OURS = ("press.execution", "press.atomic")
TARGETS = {"cold": ("cold", "stock", 0.65), "unchanged": ("unchanged", "stock", 1.0), "prose": ("cold", "off", 1.3)}


def of_children():
    """Return the seconds of processor time of the processes that this one has started."""
    return sum(os.times()[2:4])


PARTS = ("start", "imports", "figures", "other cells")
WATCH = """\
import builtins as _b, json as _j, os as _o, time as _t

class _Watch:
    depth, imports, cells, plain = 0, [0, 0], [], _b.__import__

    def now(self):
        return [sum(_o.times()[:4]), _t.perf_counter()]

    def import_(self, *names, **options):
        self.depth += 1
        before = self.now() if self.depth == 1 else None
        try:
            return self.plain(*names, **options)
        finally:
            self.depth -= 1
            if before:
                self.imports = [a + c - b for a, b, c in zip(self.imports, before, self.now())]

    def begins(self, *_):
        self.imports, self.before = [0, 0], self.now()

    def ends(self, *_):
        self.cells.append([self.imports, [a - b for a, b in zip(self.now(), self.before)]])

_w = _Watch()
_w.before = _ready = _w.now()
_b.__import__ = _w.import_
get_ipython().events.register("pre_run_cell", _w.begins)
get_ipython().events.register("post_run_cell", _w.ends)
"""
REPORT = "_b.__import__ = _w.plain\nprint(_j.dumps([_ready, _w.cells]))"


async def costs(page, nursery):
    """Run a page; return the seconds of processor time and of the clock for each of its parts."""
    start, cells = perf_counter(), page.notebook.cells
    cells.insert(0, nbformat.v4.new_code_cell(WATCH))
    cells.append(nbformat.v4.new_code_cell(REPORT))
    await execution.run(page, None, nursery)
    _, *own, report = code_cells(page.notebook)
    (processor, clock), watched = json.loads(report.outputs[0].text)
    parts = dict.fromkeys(PARTS, (0, 0)) | {"start": (processor, clock - start)}

    def add(part, *seconds):
        parts[part] = tuple(map(sum, zip(parts[part], seconds, strict=True)))

    for cell, (imports, whole) in zip(own, watched[1:], strict=True):
        kinds = {kind.split("/")[0].split("+")[0] for output in cell.outputs for kind in output.get("data", ())}
        add("imports", *imports)
        shows = kinds & {"image", "application"}
        add("figures" if shows else "other cells", *(a - b for a, b in zip(whole, imports, strict=True)))
    return parts


def print_costs():
    """Print what each page of the book costs, and what the imports that pages share cost."""
    before, total = of_children(), 0
    preload = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]["book_preload"]
    print(f"{'processor / clock, s':42}" + "".join(f"{part:>16}" for part in (*PARTS, "whole")))
    with kernels.nursery(preload) as (nursery, _):
        for name in pages():
            notebook = jupytext.read(ROOT / f"{name}.md")
            if code_cells(notebook):
                parts = asyncio.run(costs(execution.Page(name, ROOT / f"{name}.md", notebook), nursery))
                rows = [*parts.values(), tuple(map(sum, zip(*parts.values(), strict=True)))]
                print(f"{name:42}" + "".join(f"{f'{a:.1f} / {b:.1f}':>16}" for a, b in rows), flush=True)
                total += rows[-1][0]
    print(f"{'imports that pages share':42}{of_children() - before - total:16.1f}")


def configurations(book):
    """Write the settings of the three kinds of build beside the book's own, and return their names."""
    settings = yaml.safe_load((book / "_config.yml").read_text())
    extensions = settings["sphinx"]["config"]["extensions"]
    parts = [f"press.{name}" for name in press.EXTENSIONS]
    stock = [name for name in (*extensions[: extensions.index("press")], *parts) if name not in OURS]
    for kind, used, runs in (("ours", extensions, "cache"), ("stock", stock, "cache"), ("off", stock, "off")):
        settings["sphinx"]["config"]["extensions"] = used
        settings["execute"]["execute_notebooks"] = runs
        (book / f"_{kind}.yml").write_text(yaml.safe_dump(settings))
    return "ours", "stock", "off"


def build(book, kind):
    """Return how many seconds one build takes, of the clock and of processor time."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", "--config", f"_{kind}.yml", "--path-output", book.parent / kind, "."]
    start, before = perf_counter(), of_children()
    subprocess.run(command, cwd=book, check=True, capture_output=True)
    return perf_counter() - start, of_children() - before


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
    """Print what pages cost, then the medians and the ratios."""
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # compiled once, as for any user
    print_costs()
    times = {}
    for number in range(rounds):
        one_round(number, times)
    median = {key: [statistics.median(each) for each in zip(*values, strict=True)] for key, values in times.items()}
    print(f"\n{'clock / processor, s':20}{'ours':>15}{'stock':>15}{'off':>15}   ratio")
    for step, (*floor, target) in TARGETS.items() if rounds else ():
        row = "".join("{:9.1f} /{:4.0f}".format(*median[step, kind]) for kind in ("ours", "stock", "off"))
        ratio = median[step, "ours"][0] / median[*floor][0]
        print(f"{step:20}{row}   {ratio:.2f} of {' '.join(floor)} (at most {target})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
