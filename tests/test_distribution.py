"""What a reader installs: the wheel and the sdist work outside the repository, and their version has one source."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import exactzeros
from book import ROOT, pages

NAME = f"exactzeros-{exactzeros.__version__}"
ALL_TESTS = [path for path in (ROOT / "tests").rglob("*.py") if "__pycache__" not in path.parts]


def run(*command, **options):
    """Run a command, which must succeed, and return what it printed."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, check=False, **streams, **options)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def outside(distribution):
    """The unpacked sdist without the package's source, the folder where the wheel is installed, and the environment."""
    with tarfile.open(distribution / f"{NAME}.tar.gz") as archive:
        archive.extractall(distribution, filter="data")
    tree, target = distribution / NAME, distribution / "installed"
    shutil.rmtree(tree / "src")
    wheel = distribution / f"{NAME}-py3-none-any.whl"
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel)
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return tree, target, {**others, "PYTHONPATH": str(target)}


def test_the_wheel_is_what_is_imported_and_knows_its_version(outside):
    tree, target, environment = outside
    code = "import exactzeros, importlib.metadata as m; print(exactzeros.__file__, m.version('exactzeros'))"
    file, version = run(sys.executable, "-c", code, cwd=tree, env=environment).split()
    assert Path(file).is_relative_to(target)
    assert version == exactzeros.__version__


def test_the_wheel_holds_the_whole_package_and_nothing_else(distribution):
    with zipfile.ZipFile(distribution / f"{NAME}-py3-none-any.whl") as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = Path(exactzeros.__file__).parent
    files = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert packed == {path.relative_to(package.parent).as_posix() for path in files}


def test_tests_and_examples_pass_against_the_wheel(outside):
    tree, target, environment = outside
    tests = [f"tests/library/test_{name}.py" for name in ("arguments", "catalog", "losses", "optimality")]
    doctests = [target / "exactzeros" / name for name in ("penalty.py", "catalog.py", "book/javascript.py")]
    said = run(sys.executable, "-m", "pytest", "-q", *tests, *doctests, "README.md", cwd=tree, env=environment)
    assert re.search(r"\d+ passed", said)


def test_the_sdist_holds_the_book_and_its_tests(outside):
    tree, _, _ = outside
    due = [*(f"{page}.md" for page in pages()), "_config.yml", "requirements-test.txt", "constraints.txt"]
    due += [path.relative_to(ROOT) for path in ALL_TESTS]
    assert not [name for name in due if not (tree / name).is_file()]


def test_the_version_stands_in_one_place_and_the_changelog_tells_it():
    (latest, *_) = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert latest == exactzeros.__version__
    for name in ("pyproject.toml", "CITATION.cff", "README.md", "_config.yml"):
        assert latest not in (ROOT / name).read_text("utf-8"), name
