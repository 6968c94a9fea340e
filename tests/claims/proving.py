"""Shared by the checks: proofs by Z3, from the same expressions as the text, and searches by hypothesis."""

import sympy as sp
import z3
from hypothesis import HealthCheck, Phase, given, settings

from exactzeros import w

TIME_LIMIT = 4000  # milliseconds

_SEARCH = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],  # no shrinking: a near miss only needs to be rejected
    suppress_health_check=list(HealthCheck),
)


def search(**strategies):
    """Decorate a check so that hypothesis searches for a counterexample, with the same examples in every run.

    The check receives the drawn values, and the arguments that a near miss changes.
    """

    def decorate(check):
        def searched(**changes):
            @_SEARCH
            @given(**strategies)
            def attempt(**drawn):
                check(**drawn, **changes)

            attempt()

        # Not functools.wraps: pytest would see the original signature and take the drawn arguments for fixtures.
        searched.__name__, searched.__doc__, searched.__module__ = check.__name__, check.__doc__, check.__module__
        return searched

    return decorate


class Undecided(Exception):
    """The solver does not know: neither a proof nor a counterexample, so neither a check nor a near miss passes."""


def assert_proved(formula):
    """Assert that the Z3 `formula` holds for all real values of its variables.

    Raises
    ------
    AssertionError
        If it does not, with a counterexample.
    Undecided
        If Z3 finds neither a proof nor a counterexample.
    """
    solver = z3.Solver()
    solver.set("timeout", TIME_LIMIT)
    solver.add(z3.Not(formula))
    answer = solver.check()
    if answer == z3.unknown:
        raise Undecided(f"Z3 does not know: {solver.reason_unknown()}")
    assert answer == z3.unsat, f"counterexample: {solver.model()}"


def assert_equal(found, expected):
    """Assert that two SymPy expressions are equal under the assumptions of their symbols.

    Raises
    ------
    AssertionError
        If they differ for some values of the symbols.
    Undecided
        If SymPy can show neither.
    """
    difference = sp.sympify(found) - sp.sympify(expected)
    point = {symbol: sp.Rational(3 * k + 2, 7) for k, symbol in enumerate(sorted(difference.free_symbols, key=str))}
    value = abs(difference.subs(point).evalf())
    differs = value.is_Float and value > 1e-9  # looked at first: it costs much less than to simplify
    assert not differs, f"{found} is not {expected} at {point}"
    if sp.expand(sp.fraction(sp.together(difference))[0]) != 0 and sp.simplify(difference) != 0:
        raise Undecided(f"SymPy does not know whether {found} is {expected}")


def real(symbol):
    """Return the Z3 variable with the name of a SymPy symbol."""
    return z3.Real(symbol.name)


def magnitude(x):
    """Return `|x|` as a Z3 term."""
    return z3.If(x >= 0, x, -x)


def sign(x):
    """Return the sign of `x` as a Z3 term."""
    return z3.If(x > 0, 1, z3.If(x < 0, -1, z3.RealVal(0)))


def to_z3(expression, **values):
    """Return a SymPy expression of sums, products, quotients, `Abs`, `Max`, `Min` and pieces as a Z3 term.

    A symbol becomes the variable of the same name, or the entry of that name in `values`.
    """
    if expression.is_Symbol:
        return values.get(expression.name, real(expression))
    if expression.is_Rational:
        return z3.RealVal(str(expression))
    if isinstance(expression, sp.Piecewise):
        *others, (last, _) = expression.args
        term = to_z3(last, **values)
        for value, condition in reversed(others):
            term = z3.If(to_z3(condition, **values), to_z3(value, **values), term)
        return term
    return _TERMS[expression.func](*(to_z3(argument, **values) for argument in expression.args))


def _sum(*terms):
    return z3.Sum(terms)


def _power(base, exponent):
    exponent = exponent.as_fraction()
    assert exponent.denominator == 1, "Z3 decides whole powers only"
    exponent = int(exponent)
    return z3.Product([base] * exponent) if exponent > 0 else 1 / z3.Product([base] * -exponent)


_TERMS = {
    sp.Add: _sum,
    sp.Mul: lambda *factors: z3.Product(factors),
    sp.Pow: _power,
    sp.Abs: magnitude,
    sp.Max: lambda a, b: z3.If(a >= b, a, b),
    sp.Min: lambda a, b: z3.If(a <= b, a, b),
    sp.Gt: lambda a, b: a > b,
    sp.Ge: lambda a, b: a >= b,
    sp.Lt: lambda a, b: a < b,
    sp.Le: lambda a, b: a <= b,
}


def at(penalty, point):
    """Return the value of a penalty at the Z3 term `point`."""
    return to_z3(penalty.expression, **{w.name: point})
