"""A build never shows anything stale or broken; tested on a book of one page, with the real book's settings."""

import os
import shutil
from pathlib import Path

import pytest

import exactzeros
from book import ROOT
from press.downloads import wheel_of
from press.project import package
from small_book import PAGE

WHEEL = wheel_of(package(ROOT))


@pytest.fixture
def build(tmp_path, build_book):
    """Build the book of one page, with a copy of the package that the test may change."""
    book, copied = tmp_path / "book", tmp_path / "book" / "src" / "exactzeros"
    shutil.copytree(Path(exactzeros.__file__).parent, copied)
    for name in ("pyproject.toml", "README.md", "LICENSE"):  # of which the wheel is made
        shutil.copy(ROOT / name, book)
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    for name in ("_config.yml", "references.bib"):
        shutil.copy(ROOT / name, book)
    for name in ("_static",):
        (book / name).symlink_to(ROOT / name)

    path = os.pathsep.join([str(copied.parent), os.environ.get("PYTHONPATH", "")])

    def run(cell, *options):
        page = PAGE.format(title="A page", prose="", cell=cell)
        if not (book / "index.md").exists() or (book / "index.md").read_text() != page:
            (book / "index.md").write_text(page)
        done = build_book(book, tmp_path, *options, env={**os.environ, "PYTHONPATH": path})
        shown = tmp_path / "_build" / "html" / "index.html"
        return done, shown.read_text() if shown.exists() else ""

    run.package = copied
    return run


def test_a_change_in_src_reaches_the_page_and_nothing_else_runs_it_again(build):
    cell = "import exactzeros\nprint('says', exactzeros.SAYS)"
    source = build.package / "__init__.py"
    source.write_text(source.read_text() + "\nSAYS = 'before'\n")
    done, shown = build(cell)
    assert done.returncode == 0 and "says before" in shown

    done, shown = build(cell)
    assert done.returncode == 0 and "0 added, 0 changed" in done.stdout

    source.write_text(source.read_text().replace("'before'", "'after'"))
    done, shown = build(cell)
    assert done.returncode == 0 and "says after" in shown and "says before" not in shown


def test_a_cell_that_raises_fails_the_build(build):
    done, _ = build("raise RuntimeError('on purpose')")
    assert done.returncode != 0 and "on purpose" in done.stdout


def test_a_cell_that_warns_fails_the_strict_build(build):
    done, _ = build("import warnings\nwarnings.warn('on purpose')", "-W", "--keep-going")
    assert done.returncode != 0 and "stderr" in done.stdout


def test_what_needs_an_address_is_there_exactly_if_the_address_is_known(build, tmp_path):
    """Absolute addresses and the sitemap need that of the site, buttons that launch a page that of the repository."""
    done, shown = build("1 + 1")
    site, settings = tmp_path / "_build" / "html", tmp_path / "book" / "pyproject.toml"
    assert done.returncode == 0 and not (site / "sitemap.xml").exists()
    assert "og:image" not in shown
    assert "mybinder" not in shown and "colab" not in shown
    assert ">notebook</a>" in shown and f'href="{WHEEL}"' in shown and (site / WHEEL).exists()

    urls = ["[project.urls]", 'Documentation = "https://example.org/book/"', 'Repository = "https://github.com/a/book"']
    settings.write_text(settings.read_text().replace(urls[0], "\n".join(urls)))
    done, shown = build("1 + 1")
    assert done.returncode == 0
    assert "<loc>https://example.org/book/index.html</loc>" in (site / "sitemap.xml").read_text()
    assert '<meta property="og:image" content="https://example.org/book/_static/' in shown
    assert '<meta property="og:url" content="https://example.org/book/index.html">' in shown
    assert '<base href="/book/">' in (site / "404.html").read_text()
    assert '<a href="https://mybinder.org/v2/gh/a/book/main?urlpath=lab%2Ftree%2Findex.md">Binder</a>' in shown
    assert '<a href="https://colab.research.google.com/github/a/book/blob/notebooks/index.ipynb">Colab</a>' in shown
    assert f'href="{WHEEL}"' not in shown
    for name in ("index.ipynb", "index.md"):
        source = (site / "_sources" / name).read_text()
        assert f"https://github.com/a/book/raw/notebooks/{WHEEL}" in source


def test_a_formula_that_is_not_understood_fails_the_build(build):
    done, _ = build("from IPython.display import Math\nMath(r'\\nosuchcommand')")
    assert done.returncode != 0 and "nosuchcommand" in done.stdout
