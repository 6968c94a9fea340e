"""Let Lighthouse judge every page of the built site on its emulated phone, and print a table.

The site is served with gzip, as hosts of static sites do. Lighthouse comes from npm at a fixed version, into a folder
of its own in the user's cache. Needs Node 18.20 or later, npm, Chromium, and a machine that does nothing else: a busy
one shows lower scores for performance. The exit code is 1 if a page misses what is due in every round.

Usage: python benchmarks/lighthouse.py [--rounds N] [PAGE ...]
"""

import argparse
import functools
import gzip
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from press.browsing import chromium, pages

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
VERSION = "12.8.2"
DUE = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
KEPT = ("search", "404")  # pages that are kept from search engines
MEASURES = {
    "first paint": ("first-contentful-paint", 1000),
    "largest paint": ("largest-contentful-paint", 1000),
    "blocking": ("total-blocking-time", 1000),
    "shift": ("cumulative-layout-shift", 1),
}
TEXTS = {".html", ".css", ".js", ".mjs", ".svg", ".json", ".txt", ".xml"}


class Compressed(SimpleHTTPRequestHandler):
    """Answers with gzip for texts, and lets the browser keep everything."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *parts):
        """Say nothing."""

    def do_GET(self):
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in TEXTS:
            content = gzip.compress(content, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served():
    """Serve the site to this machine, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressed, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def installed() -> Path:
    """Return the program, after installing it where it is missing."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), f"lighthouse-{VERSION}")
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        command = ["npm", "install", "--silent", "--no-audit", "--prefix", folder, f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"})
    return program


def judged(program, address):
    """Return Lighthouse's report on a page."""
    command = [program, address, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    environment = {**os.environ, "CHROME_PATH": chromium()}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    return json.loads(done.stdout)


def best(reports):
    """Return the report with the best performance: noise of the machine only lowers it."""
    return max(reports, key=lambda report: report["categories"]["performance"]["score"])


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often a page is opened; the best counts")
    every = [*pages(), *KEPT]
    parser.add_argument("pages", nargs="*", default=every, help="such as chapters/priors; all if none is named")
    given = parser.parse_args()
    if not (SITE / "index.html").is_file():
        sys.exit("Build the book first: jupyter-book build .")
    program, missed = installed(), []
    print(f"{'page':40}" + "".join(f"{name:>16}" for name in (*DUE, *MEASURES)))
    with served() as address:
        for name in given.pages:
            report = best([judged(program, f"{address}/{name}.html") for _ in range(given.rounds)])
            scores = {each: round(100 * (report["categories"][each]["score"] or 0)) for each in DUE}
            values = [report["audits"][audit]["numericValue"] / unit for audit, unit in MEASURES.values()]
            print(f"{name:40}" + "".join(f"{score:16}" for score in scores.values())
                  + "".join(f"{value:16.3f}" for value in values), flush=True)  # fmt: skip
            due = {each: least for each, least in DUE.items() if each != "seo" or name not in KEPT}
            audits = [each["id"] for kind in due for each in report["categories"][kind]["auditRefs"]]
            wrong = [each for each in audits if report["audits"][each]["score"] == 0]
            if any(scores[each] < least for each, least in due.items()) or values[-1] > 0.0005:
                missed.append(name)
                print(f"    misses: {', '.join(wrong) or 'performance'}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
