"""Measure how long a live figure of the built site takes to follow a slider, and print the median of each figure.

A move is due within 16 ms, the time of a frame; layout counts, painting does not.

Usage: python benchmarks/live_figures.py
"""

import re
from pathlib import Path

from press import browsing

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
DUE = 16
MOVE = """element => {
    const times = [];
    for (const input of element.querySelectorAll("input[type=range]"))
        for (let i = 0; i < 30; i++) {
            input.value = +input.min + (i / 29) * (input.max - input.min);
            const start = performance.now();
            input.dispatchEvent(new Event("input", {bubbles: true}));
            element.figure.values();
            element.getBoundingClientRect();
            times.push(performance.now() - start);
        }
    times.sort((a, b) => a - b);
    return [times[Math.floor(times.length / 2)], times.at(-1)];
}"""


def main():
    """Print a line for each live figure with sliders."""
    with browsing.served(SITE) as address, browsing.browser() as running:
        for name in browsing.pages():
            figures = re.findall(r'<figure[^>]* id="([^"]+)"[^>]*>\s*<div[^>]*class="live', _text(name))
            for figure in figures:
                with browsing.tab(running, "light", 375) as page:
                    browsing.go(page, f"{address}/{name}.html")
                    page.locator(f"#{figure}").scroll_into_view_if_needed()
                    page.wait_for_selector(f"#{figure} .live.is-live")
                    if page.locator(f"#{figure} input[type=range]").count():
                        median, most = page.locator(f"#{figure} .live").evaluate(MOVE)
                        print(f"{figure:15s} median {median:5.1f} ms, most {most:5.1f} ms (due {DUE})")


def _text(name):
    return (SITE / f"{name}.html").read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
