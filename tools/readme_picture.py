"""Draw the README's picture, `_static/kink.png`, with the function that draws the book's first figure."""

from pathlib import Path

import matplotlib

from exactzeros.book import figures, style

if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "_static" / "kink.png"
    with matplotlib.rc_context(style.SETTINGS):
        figures.tilt().savefig(target, dpi=110, facecolor="white", metadata={"Software": None})
