"""The lab quickly turns what a reader types into a penalty or a message, and the penalty into an answer."""

import json
import subprocess
import sys

import pytest
import sympy as sp

from exactzeros import Penalty, catalog
from exactzeros._derive.timelimit import within_time
from exactzeros.lab import page, reading, tables
from exactzeros.lab.answers import answers, python, verdict
from exactzeros.lab.reading import NotAPenalty, read, read_number, read_penalty
from lab_texts import CATALOG, HOSTILE, ODD, values


def parts(text, assumptions=(), numbers=None, **options):
    numbers = values(assumptions) if numbers is None else numbers
    return {part.pop("part"): part for part in answers(text, assumptions, numbers, **options)}


@pytest.mark.parametrize("name", CATALOG)
def test_a_named_penalty_is_read_as_it_is_printed(name):
    assert read_penalty(*CATALOG[name]) == catalog.every()[name]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_refused_at_once(text):
    with pytest.raises(NotAPenalty):
        within_time(read_penalty, text, seconds=0.5)


@pytest.mark.parametrize(
    "text, as_sympy",
    [
        ("-w^2", "-(w**2)"),
        ("2^3^2*w", "512*w"),
        ("2 - 3 - 4*w", "-1 - 4*w"),
        ("6/2/3*w", "w"),
        ("|w|*|w - 1|", "Abs(w)*Abs(w - 1)"),
        ("|2*|w| - 1|", "Abs(2*Abs(w) - 1)"),
        ("|-w|", "Abs(w)"),
        ("w^-2", "w**-2"),
        ("+w - -w", "2*w"),
        ("1.5e-1*w + .5", "Rational(3, 20)*w + Rational(1, 2)"),
        ("Piecewise((w, 0 < w < 1), (0, True))", "Piecewise((w, (w > 0) & (w < 1)), (0, True))"),
        ("Piecewise((w, (0 < w) & (w < 1)), (0, True))", "Piecewise((w, (w > 0) & (w < 1)), (0, True))"),
        ("E^w + pi", "exp(w) + pi"),
    ],
)
def test_grammar(text, as_sympy):
    assert read(text) == sp.sympify(as_sympy, {"w": reading.w})


def test_a_message_says_where():
    with pytest.raises(NotAPenalty, match=r"^an operator is missing, such as \*, at character 6: w$"):
        read("beta w")
    with pytest.raises(NotAPenalty, match=r"^no such function; there are abs, .* and Piecewise, at character 3: f$"):
        read("2*f(w)")


def test_assumptions_are_read():
    p = sp.Symbol("p", positive=True)
    assert read_penalty("|w|^p", ["p > 1 and p < 2"]) == read_penalty("|w|^p", ["p > 1", "p < 2"])
    assert read_penalty("|w|^p", ["p > 1, p < 2", "p > 0"]).assumptions == (p > 1, p < 2)
    with pytest.raises(NotAPenalty, match="an assumption is an inequality"):
        read_penalty("|w|^p", ["p"])


def test_numbers_are_exact():
    assert read_number(" 0.1 ") == sp.Rational(1, 10)
    with pytest.raises(NotAPenalty, match="a number is expected, got beta"):
        read_number("beta")


@pytest.mark.parametrize("text, assumptions", [*CATALOG.values(), *ODD])
def test_the_lines_of_python_make_the_same_penalty(text, assumptions):
    try:
        penalty = read_penalty(text, assumptions)
    except ValueError:
        return  # there is none
    names = {}
    exec(python(penalty), names)
    assert names["penalty"] == penalty


def test_names_that_python_uses_get_a_line():
    penalty = read_penalty("lambda*|w| + Rational*w^2/3 + |w|^(1/3)")
    names = {}
    exec(python(penalty), names)
    assert names["penalty"] == penalty


@pytest.mark.slow
@pytest.mark.parametrize("text, assumptions", [*CATALOG.values(), *ODD])
def test_each_part_is_an_answer_or_says_why_not(text, assumptions):
    try:
        found = parts(text, assumptions)
    except ValueError as error:
        assert "at w = 0" in str(error) or "must be real" in str(error)
        return
    json.dumps(found, allow_nan=False)
    assert list(found)[:3] == ["parameters", "expression", "slopes"]
    for name, part in found.items():
        assert ("value" in part) != ("error" in part), name
        if "error" in part:
            assert part["kind"] in ("UndecidedError", "ImproperPriorError", "ValueError"), part


@pytest.mark.slow
@pytest.mark.parametrize(
    "text, said",
    [
        ("2*|w|", "Zeros are likely: every slope of the loss between -2 and 2 gives one."),
        ("w^2", "Only one slope of the loss, 0, gives a zero: no sparsity."),
        ("|w - 1|", "Weights of exactly 1 are likely, zeros are not."),
        ("max(|w| - 1, 0)", "Weights of exactly -1 or 1 are likely, zeros are not."),
        (
            "|w| + |w - 1|",
            "Zeros are likely: every slope of the loss between 0 and 2 gives one. "
            "Weights of exactly 1 are likely, too.",
        ),
        ("sqrt(|w|)", "Zeros are likely: whatever the slope of the loss, zero is a local minimum."),
        ("Piecewise((0, w >= 0), (oo, True))", "Zeros are likely: every slope of the loss above 0 gives one."),
        ("Piecewise((0, w <= 0), (oo, True))", "Zeros are likely: every slope of the loss below 0 gives one."),
        ("-|w|", "Zero is never a minimum, as the kink there points upwards: no sparsity."),
        ("min(|w|, 1)", "Zeros are likely: every slope of the loss between -1 and 1 gives one."),
    ],
)
def test_verdict(text, said):
    assert verdict(read_penalty(text)) == said


@pytest.mark.slow
def test_the_verdict_agrees_with_the_proximal_operator():
    """With the loss `g*w + w**2/2` the minimizer is the proximal operator of `-g`, so zeros need slopes inside."""
    for text, assumptions in ODD:
        found = parts(text, assumptions, symbols=False) if text not in ("log(|w|)", "sqrt(w - 1)") else {}
        said, drawn = (found.get(name, {}).get("value") for name in ("verdict", "pictures"))
        if said and drawn and drawn["flat"]:
            assert said.startswith("Zeros are likely"), text


def test_an_undecided_answer_offers_an_assumption():
    undecided = parts("beta*|w|^p")["slopes"]
    assert undecided["kind"] == "UndecidedError" and undecided["assume"]
    assert "value" in parts("beta*|w|^p", [undecided["assume"]])["slopes"]


def test_without_numbers_there_is_no_verdict_and_with_them_alone_no_formula():
    assert "verdict" not in parts("beta*|w|", numbers={}) and "slopes" in parts("beta*|w|", numbers={})
    assert "slopes" not in parts("beta*|w|", symbols=False) and "verdict" in parts("beta*|w|", symbols=False)


def test_a_value_against_an_assumption_is_no_verdict():
    assert parts("|w|^p", ["p > 1"], {"p": "0.5"})["verdict"]["error"] == "the penalty needs p > 1, got p = 1/2"


@pytest.mark.slow
def test_the_flat_stretch_is_where_the_proximal_operator_is_zero():
    assert parts("beta*|w|")["pictures"]["value"]["flat"] == pytest.approx([-2, 2], abs=1e-4)
    assert parts("max(w, -w/3)")["pictures"]["value"]["flat"] == pytest.approx([-1 / 3, 1], abs=1e-4)
    assert parts("w^2")["pictures"]["value"]["flat"] is None


TEXTS = ("beta*log(1 + |w|/eps)", "max(|w| - 1, 0)", "1/(1 - |w|) - 1")


@pytest.mark.slow
def test_without_scipy_the_answers_are_the_same():
    """As in a browser, where NumPy is alone and has not all of its own modules."""
    code = (
        "import sys\n"
        "for name in ('scipy', 'numpy.fft', 'numpy.polynomial', 'numpy.random'): sys.modules[name] = None\n"
        "from exactzeros.lab.answers import answers\n"
        f"for text in {TEXTS}:\n"
        "    print(list(answers(text, values={'beta': '2', 'eps': '0.1'})))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    numbers = {"beta": "2", "eps": "0.1"}
    expected = [list(answers(text, values=numbers)) for text in TEXTS]
    assert done.stdout.splitlines() == list(map(str, expected))


def test_a_page_asks_and_is_answered_in_json():
    received = []
    page.answer(json.dumps({"text": "beta*|w|", "values": {"beta": "2"}}), received.append)
    assert [json.loads(text)["part"] for text in received] == list(parts("beta*|w|"))
    received.clear()
    asked = {"audit": "weights", "table": "2 -2\n0 1", "text": "beta*|w|", "assumptions": [], "values": {"beta": "2"}}
    page.answer(json.dumps(asked), received.append)
    assert json.loads(received[0])["value"].startswith("2 weights: 1 certified zero, 1 stationary")


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_a_table_of_data_is_fitted_and_audited(separator):
    penalty = Penalty(reading.w**2 / 2 + sp.Abs(reading.w) / 10)
    rows = ["a,b,target", "1,0.1,2", "2,-0.1,4", "3,0.1,6", "4,-0.1,8.5"]
    report = tables.report_on_data("\n".join(row.replace(",", separator) for row in rows), penalty)
    assert "2 weights: 1 certified zero, 1 stationary" in report and "\nb " in report


@pytest.mark.parametrize(
    "table",
    [
        "2,0;-1,0\n0;0,3",  # as spreadsheets write them where the decimal sign is a comma
        "2,0\t-1,0\n0\t0,3",
        "2,0 -1,0\n0 0,3",
        '\ufeff"weight";"slope"\n2;-1\n0;0.3\n',
        "2, -1\n0, .3",
        "2 , -1\n\n0 , 3e-1\n",
    ],
)
def test_numbers_from_a_spreadsheet(table):
    expected = tables.report_on_weights("2 -1\n0 0.3", catalog.l1().at(beta=1))
    assert tables.report_on_weights(table, catalog.l1().at(beta=1)) == expected


@pytest.mark.parametrize(
    "text, assumptions, why",
    [
        ("|x|", [], "a penalty is written in w, the weight"),
        ("log(|w|)", [], r"must be finite at w = 0: add something there, as in log\(1 \+ |w|\)"),
        ("1/|w|", [], "must be finite at w = 0"),
        ("|w|^p", ["p >"], r"^the assumption p > cannot be read: a number, a name or a parenthesis is expected"),
    ],
)
def test_a_refusal_says_what_to_write(text, assumptions, why):
    with pytest.raises(NotAPenalty, match=why):
        read_penalty(text, assumptions)


def test_the_operator_is_shown_in_cases_with_symbols_and_with_numbers():
    found = parts("beta*|w|")
    cases = ["Piecewise((0, Abs(v) <= beta*s), ((Abs(v) - beta*s)*sign(v), True))", "oo"]
    assert found["steps"]["value"] == cases
    assert found["proximal"]["value"] == "Piecewise((0, Abs(v) <= 2), ((Abs(v) - 2)*sign(v), True))"
    assert parts("beta*log(1 + |w|/eps)")["proximal"]["value"].startswith("Piecewise((0, Abs(v) <= 3.785), ")
    assert "s is the step here" in parts("s*|w|", (), {"s": "1"})["steps"]["error"]


@pytest.mark.parametrize(
    "text, why",
    [
        ("", "no numbers"),
        ("1 2 3", "each line must have two numbers"),
        ("1 2\n3", "as many columns"),
        ("1 2\n3 x", "got 'x' in line 2"),
        ("1 2\n3 nan", "a value is missing in line 2, column 2"),
        ("w;slope\n1;", "a value is missing in line 2, slope: fill it in"),
        ("weight, slope\n1, inf", "got 'inf' in line 2"),
        ("0 0\n" * 2001, "at most 2000 weights"),
        ("0 0\n" * 50_001, "at most 100000 numbers"),
    ],
)
def test_a_table_that_is_none_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        tables.report_on_weights(text, catalog.l1().at(beta=1))
