"""The Sphinx extension `press`: turns a Jupyter Book into a site, whatever the book is about."""

import shutil
from pathlib import Path

HERE = Path(__file__).parent
# In this order: later rules win, so what adapts to a narrow screen and to paper comes last.
STYLE_PARTS = (
    "fonts", "base", "page", "text", "math", "code", "figures", "statements", "cards", "overview",
    "search", "narrow", "print",
)  # fmt: skip
SCRIPT_PARTS = ("paint", "theme", "files", "code", "contents", "cards", "live", "words")
EXTENSIONS = (
    "atomic", "backlinks", "browser_python", "citing", "definitions", "downloads", "excerpts", "execution", "feed",
    "folds", "live", "markup", "mathml", "overview", "publishing",
)  # fmt: skip


def joined(folder, kind, suffix, parts):
    """Write style sheets or scripts into a folder, the parts for all pages as one file, which is one request."""
    made, sources = folder / kind, HERE / kind
    made.mkdir(parents=True, exist_ok=True)
    text = "\n".join((sources / f"{part}{suffix}").read_text(encoding="utf-8") for part in parts)
    (made / f"book{suffix}").write_text(text, encoding="utf-8")
    for path in sources.glob(f"*{suffix}"):
        if path.stem not in parts:  # it is for some pages only
            shutil.copy(path, made)
    return str(made)


def add_late_fonts(folder):
    """Write the style sheet of pages that are opened as files: a font may come late there, for it is never far away."""
    fonts = (HERE / "styles" / "fonts.css").read_text(encoding="utf-8")
    Path(folder, "late-fonts.css").write_text(fonts.replace("display: optional", "display: swap"), encoding="utf-8")


def bring_assets(app, config):
    """Add the press's templates, style sheets, scripts and fonts to the book's own files."""
    config.templates_path.append(str(HERE / "templates"))
    folder = Path(app.doctreedir)
    styles, scripts = joined(folder, "styles", ".css", STYLE_PARTS), joined(folder, "scripts", ".js", SCRIPT_PARTS)
    add_late_fonts(styles)
    config.html_static_path += [styles, scripts]
    config.html_extra_path += [str(HERE / "fonts")]


def leave_out_places(app):
    """Keep the places of these files out of the site, where `.buildinfo` has a hash of all settings.

    Nothing is lost: `press.execution.look` notices every change of the settings and of those files.
    """
    if hasattr(app.builder, "build_info"):
        app.builder.build_info.config_hash = "press"


def setup(app):
    """Register all parts of the press with Sphinx."""
    for name in EXTENSIONS:
        app.setup_extension(f"press.{name}")
    app.connect("config-inited", bring_assets)
    app.connect("builder-inited", leave_out_places)
    app.add_css_file("book.css")
    app.add_js_file("book.js")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
