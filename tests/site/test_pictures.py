"""Every still figure of the built site: its letters are large enough, inside the picture, and nothing touches them."""

import re

import pytest

from press import browsing

COLUMN = 343  # pixels, of a picture on a screen of 375

# In Matplotlib's SVG a text is a group `text_...` of glyphs, and ticks are groups `xtick_...` and `ytick_...`.
FAULTS = """() => {
    const GAP = 3, svg = document.documentElement, frame = svg.getBoundingClientRect(), faults = [];
    const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const wider = ({left, right, top, bottom}, by) =>
        ({left: left - by, right: right + by, top: top - by, bottom: bottom + by});
    const texts = [...svg.querySelectorAll("g[id^=text_]")].map((group) => {
        const words = [...group.childNodes].find((node) => node.nodeType === Node.COMMENT_NODE).data.trim();
        const glyphs = [...group.querySelectorAll("use, rect")].map((glyph) => glyph.getBoundingClientRect());
        const shown = glyphs.filter(({width, height}) => width && height).map((glyph) => wider(glyph, GAP));
        const scales = [...group.querySelectorAll(":scope > g")].map((each) => each.getCTM());
        const size = 100 * Math.min(...scales.map(({a, b}) => Math.hypot(a, b)));
        return {words, size, glyphs: shown, box: wider(group.getBoundingClientRect(), GAP)};
    }).filter(({glyphs}) => glyphs.length);
    const meets = ({box, glyphs}, other) => touch(box, other) && glyphs.some((glyph) => touch(glyph, other));

    const boxOf = (element) => {
        const clip = element.getAttribute("clip-path")?.match(/#(\\w+)/);
        if (!clip) return frame;
        const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
            Number(svg.querySelector(`#${clip[1]} rect`).getAttribute(name)));
        const {a, d} = svg.getScreenCTM();
        return {left: a * x, right: a * (x + width), top: d * y, bottom: d * (y + height)};
    };
    const drawn = (kind) => [...svg.querySelectorAll(kind)].filter((element) =>
        !element.closest("defs, g[id^=text_], g[id^=xtick_], g[id^=ytick_]"));
    const lines = drawn("path").filter(({style}) => style.stroke && style.stroke !== "none").flatMap((path) => {
        const length = path.getTotalLength(), matrix = path.getScreenCTM(), box = boxOf(path);
        return Array.from({length: Math.ceil(length / 2) + 1}, (_, i) => {
            const {x, y} = path.getPointAtLength(Math.min(2 * i, length)).matrixTransform(matrix);
            return {left: x, right: x, top: y, bottom: y};
        }).filter((point) => touch(point, box));
    });
    const markers = drawn("use").map((use) => [use.getBoundingClientRect(), boxOf(use.parentElement)])
        .filter(([marker, box]) => touch(marker, box)).map(([marker]) => marker);

    texts.forEach((text, i) => {
        const {words, box} = text, canvas = wider(frame, GAP);
        if (box.left < canvas.left || box.right > canvas.right || box.top < canvas.top || box.bottom > canvas.bottom)
            faults.push(`${words}: outside the picture`);
        for (const other of texts.slice(i + 1))
            if (other.glyphs.some((glyph) => meets(text, glyph))) faults.push(`${words}: on ${other.words}`);
        if (lines.some((point) => meets(text, point))) faults.push(`${words}: on a line`);
        if (markers.some((marker) => meets(text, marker))) faults.push(`${words}: on a marker`);
    });
    return {faults, share: Math.min(...texts.map(({size}) => size)) / frame.width};
}"""


@pytest.fixture(scope="module")
def pictures(site):
    """The file of each still figure, by its page and its name."""
    figure = re.compile(r'<figure[^>]* id="([^"]+)">\s*<img[^>]* src="(?:\.\./)?(_images/[^"]+\.svg)"')
    pages = {page.stem: page.read_text(encoding="utf-8") for page in sorted(site.glob("**/*.html"))}
    return {f"{page}, {name}": site / file for page, text in pages.items() for name, file in figure.findall(text)}


def test_letters_are_large_enough_and_nothing_touches_them(pictures, browser):
    faults = {}
    with browsing.tab(browser, "light", 1280) as page:
        for name, file in pictures.items():
            page.goto(file.as_uri())
            found = page.evaluate(FAULTS)
            size = found["share"] * COLUMN
            faults[name] = found["faults"] + ([f"letters of {size:.1f} px on a phone"] if size < 12 else [])
    assert len(pictures) > 30
    assert {name: each for name, each in faults.items() if each} == {}
