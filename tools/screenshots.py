"""Take screenshots of every page of the built site, light and dark, wide and narrow, for people to look at.

Usage: python tools/screenshots.py _build/html FOLDER
"""

import sys
from pathlib import Path

from press.browsing import THEMES, WIDTHS, browser, go, pages, served, tab


def main(site, folder):
    """Write one PNG for each page, theme and width."""
    folder.mkdir(parents=True, exist_ok=True)
    with served(site) as address, browser() as running:
        for theme in THEMES:
            for width in WIDTHS:
                with tab(running, theme, width) as page:
                    for name in pages():
                        go(page, f"{address}/{name}.html")
                        page.screenshot(path=folder / f"{name.replace('/', '-')}-{theme}-{width}.png", full_page=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
