"""Take the README's four small screenshots of the site, light and dark, wide and narrow, into `readme-pictures/`.

Usage: python tools/readme_pages.py _build/html        Needs Pillow, which Matplotlib installs.
"""

import io
import sys
from pathlib import Path

from PIL import Image

from press.browsing import THEMES, WIDTHS, browser, go, served, tab

ROOT = Path(__file__).resolve().parents[1]

PAGE, PLACE = "chapters/the-l1-singularity.html", "#a-derivative-with-a-hole"
SHARE = {1280: 0.5, 375: 0.8}  # of the screen's pixels: the README shows the pictures small
COLOURS = 128


def main(site):
    """Write one PNG for each theme and width."""
    with served(site) as address, browser() as running:
        for theme in THEMES:
            for width in WIDTHS:
                with tab(running, theme, width) as page:
                    go(page, f"{address}/{PAGE}")
                    page.locator(PLACE).evaluate("place => place.scrollIntoView()")  # a link would mark it
                    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                small = picture.resize(
                    [round(SHARE[width] * pixels) for pixels in picture.size], Image.Resampling.LANCZOS
                )
                small.quantize(COLOURS).save(ROOT / "readme-pictures" / f"page-{theme}-{width}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
