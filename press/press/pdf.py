"""Print the whole built book to a PDF in `_build/html` that is named after its title, and link it from the index.

Usage, in the folder of the book: python -m press.pdf [SITE]
"""

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pikepdf import ObjectStreamMode, Pdf

from .browsing import browser, go, pages, served, tab
from .publishing import pdf_name

PAGE_NUMBER = '<p style="width: 100%; text-align: center; font: 8pt sans-serif"><span class="pageNumber"></span></p>'
CODE = ':root { --code: "DejaVu Sans Mono", monospace; }'  # Debian's, instead of this machine's default font
# In the index the link is inside a `template`, which browsers do not show.
HIDDEN, SHOWN = '<template id="pdf">', '<span id="pdf">'


def print_book(site, path, running):
    """Print all pages of the site as one document, with an outline and tags for screen readers."""
    together = (Path(__file__).parent / "pdf.js").read_text(encoding="utf-8")
    with served(site) as address, tab(running, "light", 800) as page:
        go(page, f"{address}/index.html")
        page.add_style_tag(content=CODE)
        page.add_style_tag(url=f"{address}/_static/late-fonts.css")
        page.evaluate(together, pages())
        paper = {"format": "A4", "prefer_css_page_size": True, "print_background": True}
        footer = {"display_header_footer": True, "header_template": "<span></span>", "footer_template": PAGE_NUMBER}
        page.pdf(path=path, outline=True, tagged=True, **paper, **footer)
    path.write_bytes(with_steady_ids(path.read_bytes()))


def with_steady_ids(pdf):
    """Renumber the ids of the tags in order, at the same length: Chromium's ids depend on the run."""
    pattern = rb"(?<=\()node[0-9]{8}(?=\))"
    new = {old: b"node%08d" % number for number, old in enumerate(sorted(set(re.findall(pattern, pdf))))}
    return re.sub(pattern, lambda match: new[match[0]], pdf)


def settings():
    """Return the settings of the book."""
    return yaml.safe_load(Path("_config.yml").read_text(encoding="utf-8"))


def describe(path):
    """Set title, author and date, and compress the tags; the date is `SOURCE_DATE_EPOCH` if set, otherwise now."""
    book = settings()
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", datetime.now().timestamp())), UTC)
    date = made.strftime("D:%Y%m%d%H%M%SZ")
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        about = {"/Title": book["title"], "/Author": book["author"], "/CreationDate": date, "/ModDate": date}
        pdf.docinfo.update(about)
        pdf.save(path, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)


def finish(site):
    """Add the description to the PDF, and show the link to it on the index."""
    describe(site / pdf_name(settings()["title"]))
    index = (site / "index.html").read_text(encoding="utf-8")
    if HIDDEN in index:
        before, after = index.split(HIDDEN)
        index = before + SHOWN + after.replace("</template>", "</span>", 1)
        (site / "index.html").write_text(index, encoding="utf-8")


def main(site=Path("_build", "html")):
    """Make the PDF, and print its size."""
    site = Path(site)
    if not (site / "index.html").is_file():
        sys.exit(f"SITE must be the folder of a built book, got {site}")
    path = site / pdf_name(settings()["title"])
    with browser() as running:
        print_book(site, path, running)
    finish(site)
    with Pdf.open(path) as pdf:
        print(f"{path}: {len(pdf.pages)} pages, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
