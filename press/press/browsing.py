"""Open a built site in Chromium."""

import functools
import os
import shutil
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

THEMES = ("light", "dark")
WIDTHS = (1280, 375)
MISSING = "Chromium was not found: install it, or set CHROMIUM to its path"
# Chromium needs --no-sandbox when run as root; the other flags keep it from contacting its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # requests to other machines fail
]


def pages(book="."):
    """Return the pages of the book in the folder `book`, as listed in its _toc.yml."""
    toc = yaml.safe_load(Path(book, "_toc.yml").read_text(encoding="utf-8"))

    def files(entry):
        yield from filter(None, [entry.get("file")])
        for below in ("parts", "chapters", "sections"):
            for each in entry.get(below, []):
                yield from files(each)

    return [toc["root"], *files(toc)]


def chromium():
    """Return the path of Chromium: from the variable CHROMIUM, otherwise from PATH, otherwise None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class _Site(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Do not log requests."""

    def send_error(self, code, message=None, explain=None):
        """Answer a wrong address with the site's own 404 page, as servers of static sites do."""
        own = Path(self.directory) / "404.html"
        if not own.exists():
            return super().send_error(code, message, explain)
        page = own.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@contextmanager
def served(directory):
    """Serve a directory to this machine only, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Site, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def browser():
    """Start Chromium without a window."""
    if chromium() is None:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@contextmanager
def tab(running, theme, width, **options):
    """Open an empty tab of the given width in the light or dark theme."""
    context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **options)
    try:
        yield context.new_page()
    finally:
        context.close()


# A font that comes late is loaded and not used: then text in it is as wide as in the font that stands in for it.
FONTS_ARE_USED = """document.fonts.ready.then(() => {
    const text = document.body.appendChild(document.createElement("span"));
    text.textContent = "mmmmiiiiWWWW";
    text.style.cssText = "position: absolute; visibility: hidden; font-size: 100px";
    const width = (family, style) => {
        Object.assign(text.style, {fontFamily: family, fontStyle: style});
        return text.getBoundingClientRect().width;
    };
    const loaded = [...document.fonts].filter(each => each.status === "loaded");
    const used = loaded.every(({family, style}) => width(`${family}, monospace`, style) !== width("monospace", style));
    text.remove();
    return used;
})"""
# The script that marks what scrolls takes a few boxes in each frame.
ALL_IS_MARKED = """() => !window.showScrolling || [...document.querySelectorAll("pre, .wide, .formula, span.long")]
    .every(box => !box.checkVisibility() || box.scrollWidth <= box.clientWidth || box.hasAttribute("tabindex"))"""
VISITS = 5


def go(page, address):
    """Open an address, and wait until it is as a reader sees it whose browser has the fonts."""
    page.goto(address)
    for _ in range(VISITS):
        if page.evaluate(FONTS_ARE_USED):
            break
        page.reload()
    page.wait_for_load_state("networkidle")
    if not page.evaluate(ALL_IS_MARKED):
        page.wait_for_function(ALL_IS_MARKED)
