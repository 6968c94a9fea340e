# /// script
# requires-python = ">=3.11"
# dependencies = ["brotli==1.2.0", "fonttools==4.68.0"]
# ///
"""Fetch Source Serif and Source Sans from npm, and keep the characters and weights that the site and its figures use.

The pages get them as WOFF2, Matplotlib as TrueType, both under other names, as the license asks of changed fonts.

Usage: uv run tools/refresh_text_fonts.py        Needs npm and uv.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "press" / "press" / "fonts" / "text"
FIGURES = ROOT / "src" / "exactzeros" / "book" / "fonts"
ARCHIVES = {
    "source-serif-4.5.1.tgz": "19a448df98f4aa777de3452b0a1e29aa7ffe29252fe552c8a2d2531702d80746",
    "source-sans-3.52.0.tgz": "49cf78ddd79b436591ee696785222b54ff28102922e3d3df297fe382d7fdfa88",
}
# Latin with the accents of western Europe and of names, and punctuation. The sans has also Greek, raised and lowered
# digits, arrows, and the signs that stand in figures outside formulas.
PLAIN = "20-7e a0 a7 a9 ab b0 b7 bb c0-ff 2010-2014 2018-201a 201c-201e 2020 2026 202f 2032-2033 2212"
NAMES = "107 10c-10d 11b 131 141-142 144 151-153 159 15f-161 17d-17e"
SIGNS = (
    "b1-b3 b9 393-394 398 39b 39e 3a0 3a3 3a6 3a8-3a9 3b1-3c9 2022 2070-2079 207b 2080-2089 20ac 2113 2190-2193 "
    "2202 2211 221a 221e 2248 2260 2264-2265"
)
BOLD = (400, 700)  # the weights on the axis of a variable font
SERIF, SANS = "Book Serif", "Book Sans"
EVERY = f"{PLAIN} {NAMES} {SIGNS}"
FONTS = (  # source, family, style, target, the axes to keep or to fix, and the characters
    ("serif/VAR/SourceSerif4Variable-Roman.ttf", SERIF, "Regular", SITE / "serif.woff2", {"opsz": 14, "wght": BOLD},
     f"{PLAIN} {NAMES} b1-b3 b9 3b2 3b5 3c1 2022 20ac 2113 2190-2193 221e 2248 2260 2264-2265"),
    ("serif/VAR/SourceSerif4Variable-Italic.ttf", SERIF, "Italic", SITE / "serif-italic.woff2",
     {"opsz": 14, "wght": 400}, f"{PLAIN} {NAMES} 3b2 3b5 3c1 2113 2264-2265"),
    ("sans/VF/SourceSans3VF-Upright.ttf", SANS, "Regular", SITE / "sans.woff2", {"wght": BOLD}, EVERY),
    ("sans/TTF/SourceSans3-Regular.ttf", SANS, "Regular", FIGURES / "sans.ttf", {}, EVERY),
    ("sans/TTF/SourceSans3-It.ttf", SANS, "Italic", FIGURES / "sans-italic.ttf", {}, EVERY),
)  # fmt: skip


def codes(ranges) -> list[int]:
    """Return the numbers of the characters in ranges of hexadecimal numbers."""
    ends = [part.split("-") for part in ranges.split()]
    return [code for low, *high in ends for code in range(int(low, 16), int((high or [low])[0], 16) + 1)]


def fetch(scratch):
    """Unpack the archives into folders `serif` and `sans`, once their hashes are checked."""
    packages = [name.removesuffix(".tgz").rpartition("-") for name in ARCHIVES]
    subprocess.run(["npm", "pack", "--silent", *(f"{name}@{version}" for name, _, version in packages)],
                   cwd=scratch, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    for archive, digest in ARCHIVES.items():
        if (found := hashlib.sha256((scratch / archive).read_bytes()).hexdigest()) != digest:
            raise ValueError(f"{archive} must have the SHA-256 {digest}, got {found}")
        with tarfile.open(scratch / archive) as packed:
            packed.extractall(scratch, filter="data")
        (scratch / "package").rename(scratch / archive.split("-")[1])


def make(source, family, style, target, axes, characters):
    """Write the part of a font that is used."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features, options.hinting, options.name_IDs = ["ccmp", "kern", "locl", "tnum"], False, ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes(characters))
    subsetter.subset(font)
    if axes:
        font = instantiateVariableFont(font, axes)
    names = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}".replace(" ", "")}
    font["name"].names = [each for each in font["name"].names if each.nameID in (0, 5, 13, 14)]
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font.flavor = "woff2" if target.suffix == ".woff2" else None
    font.save(target)


def main():
    """Write both folders anew."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        fetch(scratch)
        for target, names in ((SITE, ("serif", "sans")), (FIGURES, ("sans",))):
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for name in names:
                shutil.copy(scratch / name / "LICENSE.md", target / f"LICENSE-{name.upper()}")
            archives = [each for each in ARCHIVES if each.split("-")[1] in names]
            (target / "VERSION").write_text("".join(f"{each.removesuffix('.tgz')}\n" for each in archives))
        for source, *rest in FONTS:
            make(scratch / source, *rest)


if __name__ == "__main__":
    main()
