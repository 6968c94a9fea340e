"""The book's statements, their checks in `tests/claims`, and the table of the outcomes."""

import ast
import functools
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from IPython.display import Markdown

EVIDENCE = ("symbolic", "search", "sample")

_STATEMENT = re.compile(
    r"^(?P<fence>[:`]{3,})\{prf:(?P<kind>(?!proof)\w+)\}(?P<title>.*)\n(?P<options>(?::.*\n)*)", re.M
)
_LABEL = re.compile(r"^:label: *(\S+)$", re.M)


class Statement(NamedTuple):
    """A statement of the book: its page, kind (theorem, definition, ...), title, and label or None."""

    page: str
    kind: str
    title: str
    label: str | None


class Check(NamedTuple):
    """A check as declared in its source: the label of its statement, its name, its evidence, near misses and scope.

    The scope says in words for what it holds or where it looked; "" stands for all values.
    """

    label: str
    name: str
    evidence: str
    near_misses: int
    scope: str = ""


class Outcome(NamedTuple):
    """A check or near miss that ran: the label of its statement, its name, and its failure message or ""."""

    label: str
    name: str
    failure: str


def summary(function):
    """Tell who records what this process reads to count what a function of a folder returns, not the files it reads."""
    name = f"{function.__module__}:{function.__name__}"

    @functools.wraps(function)
    def audited(folder):
        found = None
        sys.audit("summary.begins", name, folder)
        try:
            found = function(folder)
        finally:
            sys.audit("summary.ends", name, folder, found)
        return found

    return audited


@summary
def statements(book) -> list[Statement]:
    """Return the statements in the chapters of the folder `book`, in the order of its table of contents."""
    found = []
    for page, text in _pages(book):
        for match in _STATEMENT.finditer(text):
            label = _LABEL.search(match["options"])
            found.append(Statement(page, match["kind"], match["title"].strip(), label and label[1]))
    return found


def wordings(book) -> dict[str, str]:
    """Return the text of each statement in the chapters of the folder `book`, its lines joined, by its label."""
    found = {}
    for _, text in _pages(book):
        for match in _STATEMENT.finditer(text):
            if label := _LABEL.search(match["options"]):
                body = text[match.end() : text.index(f"\n{match['fence']}\n", match.end() - 1)]
                found[label[1]] = " ".join([match["title"], *body.split()]).strip()
    return found


def _pages(book):
    """Yield the name and the text of each page of a book."""
    for page in re.findall(r"file: (\S+)", (Path(book) / "_toc.yml").read_text(encoding="utf-8")):
        yield page, (Path(book) / f"{page}.md").read_text(encoding="utf-8")


def checks(book) -> list[Check]:
    """Return the checks that the sources in `tests/claims` of the folder `book` declare."""
    found = []
    for path in sorted((Path(book) / "tests" / "claims").glob("test_*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            marks = [each for each in getattr(function, "decorator_list", []) if isinstance(each, ast.Call)]
            names = [ast.unparse(mark.func) for mark in marks]
            for mark in (mark for mark, name in zip(marks, names, strict=True) if name == "pytest.mark.claim"):
                (label,) = map(ast.literal_eval, mark.args)
                said = {keyword.arg: ast.literal_eval(keyword.value) for keyword in mark.keywords}
                near_misses = names.count("pytest.mark.near_miss")
                found.append(Check(label, function.name, said["evidence"], near_misses, said.get("scope", "")))
    return found


def gaps(statements, checks) -> list[str]:
    """Return a sentence for every statement without checks or near misses, and every check without a statement."""
    labels = Counter(statement.label for statement in statements if statement.label)
    names = Counter(check.name for check in checks)
    near_misses = Counter()
    for check in checks:
        near_misses[check.label] += check.near_misses
    checked = {check.label for check in checks}
    return [
        *(f"a {each.kind} of {each.page} has no label: {each.title}" for each in statements if each.label is None),
        *(f"{label} is stated {count} times" for label, count in labels.items() if count > 1),
        *(f"{label} has no check" for label in labels if label not in checked),
        *(f"{label} has no near miss" for label in labels if label in checked and not near_misses[label]),
        *(f"{check.name} checks {check.label}, which no page states" for check in checks if check.label not in labels),
        *(f"{name} is declared {count} times" for name, count in names.items() if count > 1),
        *(
            f"{check.name} must have evidence from {', '.join(EVIDENCE)}, got {check.evidence}"
            for check in checks
            if check.evidence not in EVIDENCE
        ),
        *(
            f"{check.name} must name the scope of its {check.evidence}"
            for check in checks
            if check.evidence in ("search", "sample") and not check.scope
        ),
    ]


def run(book) -> list[Outcome]:
    """Run the checks and near misses of the folder `book` with pytest, in a separate process; return all outcomes.

    Raises
    ------
    RuntimeError
        If pytest could not run them; the message contains its output.
    """
    # This process's settings for coverage and plugins must not reach that one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "claims.xml"
        pytest = ["pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "tests/claims"]
        command = [sys.executable, "-m", *pytest]
        done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, check=False)
        if done.returncode > 1:  # 1: tests ran, and some failed
            raise RuntimeError(f"the claims could not be run:\n{done.stdout}{done.stderr}")
        cases = list(ElementTree.parse(report).iter("testcase"))
    return [_outcome(case, mark.get("value")) for case in cases for mark in case.iter("property")]


def _outcome(case, label):
    failed = [part.get("message") or part.tag for part in case if part.tag in ("failure", "error", "skipped")]
    return Outcome(label, case.get("name"), " ".join(failed))


def table(statements, checks, outcomes, proved=None) -> Markdown:
    """Return a table with one row per statement: link, evidence with its scope, checks passed, near misses rejected.

    Parameters
    ----------
    statements, checks, outcomes : list
    proved : dict of str to list of str, optional
        The labels of the statements that a proof kernel has accepted, each with clauses on what it leaves out.

    Raises
    ------
    AssertionError
        If a check failed or did not run, or if there are gaps. The message names the statements.
    """
    problems = gaps(statements, checks)
    problems += [f"{each.label}: {each.name} failed: {each.failure}" for each in outcomes if each.failure]
    ran = Counter(outcome.label for outcome in outcomes)
    due = Counter()
    for check in checks:
        due[check.label] += 1 + check.near_misses
    problems += [
        f"{label}: {count - ran[label]} checks did not run" for label, count in due.items() if ran[label] < count
    ]
    if problems:
        raise AssertionError("\n".join(problems))
    rows = "\n".join(_row(each, checks, (proved or {}).get(each.label)) for each in statements)
    return Markdown(
        ":::{table} The statements of the book and their checks. All of them passed in this build.\n"
        ":name: tbl-claims\n\n"
        f"| statement | evidence, and for what | checks | near misses |\n| --- | --- | --- | --- |\n{rows}\n"
        f"| all | | {len(checks)} | {sum(check.near_misses for check in checks)} |\n:::\n"
    )


def _row(statement, checks, left_out):
    label = statement.label
    own = [check for check in checks if check.label == label]
    cells = (
        f'<span id="claim-{label}"></span>{{prf:ref}}`{label}`: {statement.title}',
        ", ".join(_evidence(own, left_out)),
        len(own),
        sum(check.near_misses for check in own),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _evidence(checks, left_out):
    """Yield each kind of evidence with its scopes, such as "symbolic (all values; n = 2)"."""
    if left_out is not None:
        yield f"*kernel* ({'; '.join(left_out) or 'as stated'})"
    for kind in EVIDENCE:
        scopes = dict.fromkeys(check.scope or "all values" for check in checks if check.evidence == kind)
        if scopes:
            said = re.sub(r" ([=≤≥>]) ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", "; ".join(scopes))
            yield f"*{kind}* ({said})"
