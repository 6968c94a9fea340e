"""The statements and their checks: small books with one fault each, and the example in CONTRIBUTING.md."""

import re
import shutil
from pathlib import Path

import pytest

from exactzeros.book import claims
from exactzeros.book.claims import Check, Outcome, Statement

pytestmark = pytest.mark.slow  # most of its tests start a pytest of their own

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STATEMENT, CHECK = (re.search(rf"```{kind}\n(.*?)```", EXAMPLE, re.DOTALL)[1] for kind in ("md", "python"))


@pytest.fixture
def book(tmp_path):
    """A function that writes a book with one page, one file of checks, and the code that runs them."""

    def write(page=STATEMENT, checks=CHECK):
        for name in ("conftest.py", "proving.py"):
            (tmp_path / "tests" / "claims").mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "tests" / "claims" / name, tmp_path / "tests" / "claims")
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        (tmp_path / "_toc.yml").write_text("root: page\n- file: page\n", encoding="utf-8")
        (tmp_path / "page.md").write_text(page, encoding="utf-8")
        (tmp_path / "tests" / "claims" / "test_page.py").write_text(checks, encoding="utf-8")
        return tmp_path

    return write


def report(book):
    return claims.table(claims.statements(book), claims.checks(book), claims.run(book))


def test_the_example_for_authors_is_a_book_without_gaps(book):
    example = book()
    assert claims.statements(example) == [Statement("page", "theorem", "Under a kink", "thm-under-a-kink")]
    assert claims.checks(example) == [Check("thm-under-a-kink", "test_a_step_under_a_kink", "symbolic", 1)]
    row = next(line for line in report(example).data.splitlines() if "thm-under-a-kink" in line)
    assert row.endswith("{prf:ref}`thm-under-a-kink`: Under a kink | *symbolic* (all values) | 1 | 1 |")


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("> 0))", "> 1))", "test_a_step_under_a_kink failed"),  # a false claim
        ("reach=2", "reach=1", "not: twice the strength"),  # a near miss that is true
        ("reach=2", "unknown=2", "unexpected keyword"),  # an error does not count as a rejection
        ("reach=2", "reach=2 ** z3.Real('h')", "Z3 does not know"),  # nor does a doubt
        ("g, h, beta =", 'pytest.skip("later"); g, h, beta =', "later"),  # a skipped check did not pass
    ],
)
def test_a_check_that_fails_is_named_with_its_statement(book, old, new, name):
    with pytest.raises(AssertionError, match=rf"^thm-under-a-kink: (?s:.*){name}"):
        report(book(checks=CHECK.replace(old, new)))


def test_a_check_that_breaks_is_shown(book):
    with pytest.raises(RuntimeError, match="the claims could not be run(?s:.*)SyntaxError"):
        claims.run(book(checks="def"))


A, B = (Statement("page", "theorem", letter, f"thm-{letter}") for letter in "ab")
OF_A, OF_B = (Check(f"thm-{letter}", f"test_{letter}", "symbolic", 1) for letter in "ab")


@pytest.mark.parametrize(
    ("statements", "checks", "message"),
    [
        ([A, B], [OF_A, OF_B], None),
        ([A, B], [OF_A], "thm-b has no check"),
        ([A], [OF_A, OF_B], "test_b checks thm-b, which no page states"),
        ([A, A], [OF_A], "thm-a is stated 2 times"),
        ([A], [OF_A, OF_A], "test_a is declared 2 times"),
        ([A], [OF_A._replace(near_misses=0)], "thm-a has no near miss"),
        ([A, B._replace(label=None)], [OF_A], "a theorem of page has no label: b"),
        ([A], [OF_A._replace(evidence="hope")], "test_a must have evidence from symbolic, search, sample, got hope"),
        ([A], [OF_A._replace(evidence="search")], "test_a must name the scope of its search"),
    ],
)
def test_gaps(statements, checks, message):
    assert claims.gaps(statements, checks) == ([message] if message else [])


def test_a_check_that_did_not_run_is_missed():
    outcome = Outcome("thm-a", "test_a", "")
    with pytest.raises(AssertionError, match="^thm-a: 1 checks did not run$"):
        claims.table([A], [OF_A], [outcome])


def test_the_table_says_for_what_the_evidence_is():
    found = [
        OF_A._replace(scope="n = 2"),
        OF_A._replace(name="b"),
        OF_A._replace(name="c", evidence="sample", scope="x"),
    ]
    outcomes = [Outcome("thm-a", check.name, "") for check in found for _ in range(2)]
    assert (
        "| *symbolic* (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}2; all values), *sample* (x) | 3 | 3 |"
        in claims.table([A], found, outcomes).data
    )
    for left_out, said in (([], "as stated"), (["n = 1", "no atoms"], "n = 1; no atoms")):
        table = claims.table([A], found, outcomes, {"thm-a": left_out}).data
        assert f"| *kernel* ({said}), *symbolic* (" in table


def test_statements_are_found_in_both_kinds_of_fences(book):
    page = "```{prf:example} One\n:label: exa-one\n:class: x\n```\n\n"
    page += "::::{prf:lemma}\nText\n::::\n\n:::{prf:proof}\nText\n:::\n"
    found = claims.statements(book(page=page))
    assert found == [Statement("page", "example", "One", "exa-one"), Statement("page", "lemma", "", None)]
