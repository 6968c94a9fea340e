"""Compare each page with a stock Jupyter Book page of the same text: bytes, requests, and largest contentful paint.

This script builds both books with the same versions and opens them in turn, in fresh tabs of the same browser. The
stock page's MathJax would come from another site, which the browser cannot reach here. So the comparison favors the
stock page, which does not load or run those 1.2 MB.

Usage: python benchmarks/page_weight.py [ROUNDS]
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from press.browsing import browser, go, pages, served, tab

ROOT = Path(__file__).resolve().parents[1]

MOST = 0.2  # bytes, as a share of the stock page's
OURS = ("html_", "templates_path", "extensions", "book_")  # settings for the book's look, which stock pages lack
PAINT = """() => new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
        .observe({type: "largest-contentful-paint", buffered: true});
})"""


def build(book, output):
    """Build a book and return the directory of its pages."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "--path-output", output, book]
    subprocess.run(command, check=True, capture_output=True)
    return output / "_build" / "html"


def stock_book(folder):
    """Copy the text into a folder, with Jupyter Book's default settings."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    del config["html"]
    settings = config["sphinx"]["config"]
    config["sphinx"]["config"] = {key: value for key, value in settings.items() if not key.startswith(OURS)}
    config["sphinx"]["extra_extensions"] = ["sphinx_proof", "sphinx_exercise"]
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "_build", "_static", "__pycache__"))
    (folder / "_config.yml").write_text(yaml.safe_dump(config))
    return folder


def measure(running, address):
    """Return the size of each file that a page loads, by address, and the time of its largest paint in ms."""
    answers = []
    with tab(running, "light", 1280) as page:
        page.on("requestfinished", lambda request: answers.append(request.response()))
        go(page, address)
        return {answer.url: len(answer.body()) for answer in answers}, page.evaluate(PAINT)


def main(rounds=3):
    """Print the numbers of both books and their ratios for each page."""
    with tempfile.TemporaryDirectory() as scratch:
        sites = [build(ROOT, Path(scratch, "ours")), build(stock_book(Path(scratch, "book")), Path(scratch, "stock"))]
        with served(sites[0]) as ours, served(sites[1]) as stock, browser() as running:
            for name in pages():
                turns = [[measure(running, f"{site}/{name}.html") for site in (ours, stock)] for _ in range(rounds)]
                files, bytes_, paints = {}, {}, {}
                for place, site in enumerate((ours, stock)):
                    files[site] = turns[0][place][0]
                    bytes_[site] = sum(files[site].values())
                    paints[site] = statistics.median(turn[place][1] for turn in turns)
                print(
                    f"{name}\n  bytes    {bytes_[ours]:9,} / {bytes_[stock]:9,} = {bytes_[ours] / bytes_[stock]:.2f}"
                    f" (at most {MOST})\n"
                    f"  requests {len(files[ours]):9} / {len(files[stock]):9}\n"
                    f"  paint    {paints[ours]:6.0f} ms / {paints[stock]:6.0f} ms = {paints[ours] / paints[stock]:.2f}"
                    " (at most 1)",
                    flush=True,
                )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
