"""Parse a text as a penalty, by a grammar that evaluates nothing as Python and bounds everything.

A text may come from a link that somebody else made. So each part carries bounds on its meaning, and a part that is too
large is refused before SymPy sees it.
"""

import math
import re
from dataclasses import dataclass

import sympy as sp

from ..penalty import Penalty, w

LONGEST = 300  # characters
_DEEPEST = 30  # nested parentheses
_MOST_PARAMETERS = 6
_MOST_KINKS = 12  # each of them may double the pieces
_LARGEST = 1e12  # a constant, and the inverse of one
_LARGEST_IN_EXPONENT = 1e3
_HIGHEST_POWER = 40
_LARGEST_DENOMINATOR = 1000  # of an exponent
_HIGHEST_TOWER = 2  # nested exponentials
_LONGEST_NUMBER = 20  # characters

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|[-+*/^(),|<>&])"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
_FUNCTIONS = {
    "abs": sp.Abs,
    "atan": sp.atan,
    "cos": sp.cos,
    "cosh": sp.cosh,
    "exp": sp.exp,
    "log": sp.log,
    "max": sp.Max,
    "min": sp.Min,
    "sign": sp.sign,
    "sin": sp.sin,
    "sinh": sp.sinh,
    "sqrt": sp.sqrt,
    "tanh": sp.tanh,
}
_ALIASES = {"Abs": "abs", "Max": "max", "Min": "min"}  # as SymPy prints them
_KINKED = {"abs", "max", "min", "sign"}
_GROWING = {"exp", "cosh", "sinh"}
_NUMBERS = {"abs": abs, "max": max, "min": min, "sign": lambda x: math.copysign(x != 0, x)}  # the rest as math has them
_CONSTANTS = {"pi": (sp.pi, math.pi), "E": (sp.E, math.e)}
_RELATIONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}
_BINDING = {"&": 1, **dict.fromkeys(_RELATIONS, 2), "+": 3, "-": 3, "*": 4, "/": 4, "^": 6, "**": 6}
_SIGNED = 5  # a minus binds its operand less than a power, and more than a product


class NotAPenalty(ValueError):
    """The lab cannot read the text; the message says why, and at which character."""


@dataclass(frozen=True)
class _Part:
    """The meaning of a part of the text, and bounds on it.

    `number` is its value if it has no symbols; `size` bounds its constants, `degree` the power to which it raises `w`,
    `tower` the nesting of exponentials, `kinks` the number of places where its formula changes.
    """

    expression: sp.Expr
    number: float | None = None
    size: float = 1.0
    degree: float = 0.0
    tower: int = 0
    kinks: int = 0


@dataclass(frozen=True)
class _Condition:
    expression: sp.Basic
    kinks: int = 0


def read(text, symbols=None):
    """Return the text as a SymPy expression in `exactzeros.w` and positive parameters.

    Parameters
    ----------
    text : str
        Numbers, `w`, names of parameters, `+ - * / ^ **`, parentheses, `|...|`, the functions of the lab, and
        `Piecewise((value, condition), ..., (value, True))`, where the value `oo` marks a constraint.
    symbols : dict, optional
        The parameters by name; new ones are added.

    Raises
    ------
    NotAPenalty
        If the text is anything else, or too large in any respect.

    Examples
    --------
    >>> read("beta*log(1 + |w|/eps)")
    beta*log(1 + Abs(w)/eps)
    >>> read("exp(1e14)*|w|")
    Traceback (most recent call last):
        ...
    exactzeros.lab.reading.NotAPenalty: a number must lie between 1e-12 and 1e+12, at character 5: 1e14
    """
    part = _Reader(text, {} if symbols is None else symbols).whole()
    if not isinstance(part, _Part):
        raise NotAPenalty("a formula is expected, not a condition")
    return part.expression


def read_penalty(text, assumptions=()):
    """Return the text as a `Penalty`, under assumptions such as "p > 1" or "p > 1 and p < 2".

    Examples
    --------
    >>> read_penalty("beta*|w|^p", ["p > 1"]).slopes_at_zero
    (0, 0)
    """
    symbols = {}
    expression = read(text, symbols)
    if w not in expression.free_symbols:
        raise NotAPenalty("a penalty is written in w, the weight, such as beta*|w|")
    start = expression.subs(w, 0)
    if start.has(sp.oo, -sp.oo, sp.zoo):
        raise NotAPenalty("a penalty must be finite at w = 0: add something there, as in log(1 + |w|) or 1/(1 + |w|)")
    given = []
    for each in (part for line in assumptions for part in re.split(r",|\band\b", line) if part.strip()):
        given += _assumed(each.strip(), symbols)
    return Penalty(expression, *given)


def _assumed(text, symbols):
    """Return the inequalities in the text of an assumption."""
    try:
        condition = _Reader(text, symbols).whole()
    except NotAPenalty as error:
        raise NotAPenalty(f"the assumption {text} cannot be read: {error}") from None
    if not isinstance(condition, _Condition):
        raise NotAPenalty(f"an assumption is an inequality such as p > 1, got {text}")
    return [part for part in sp.And.make_args(condition.expression) if part is not sp.true]


def read_number(text):
    """Return the text as an exact number.

    Examples
    --------
    >>> read_number("0.1")
    1/10
    """
    value = read(text)
    if value.free_symbols:
        raise NotAPenalty(f"a number is expected, got {text.strip()}")
    return value


class _Reader:
    """Reads a text from left to right; each method returns what it has read."""

    def __init__(self, text, symbols):
        if len(text) > LONGEST:
            raise NotAPenalty(f"at most {LONGEST} characters, got {len(text)}")
        self._text, self._symbols, self._depth, self._next = text, symbols, 0, 0
        self._tokens = list(self._split())

    def _split(self):
        position = 0
        while position < len(self._text):
            if self._text[position].isspace():
                position += 1
                continue
            found = _TOKEN.match(self._text, position)
            if found is None:
                raise NotAPenalty(f"not part of a formula, at character {position + 1}: {self._text[position]}")
            yield found.lastgroup, found.group(), position
            position = found.end()
        yield "end", "", position

    def _fail(self, why, token=None):
        _, text, position = token or self._tokens[self._next]
        raise NotAPenalty(f"{why}, at character {position + 1}" + f": {text}" * bool(text))

    def _peek(self, ahead=0):
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)][1]

    def _take(self):
        token = self._tokens[self._next]
        self._next += token[0] != "end"
        return token

    def _expect(self, sign):
        if self._peek() != sign:
            self._fail(f"{sign} is missing")
        self._take()

    def whole(self):
        part = self._read()
        if self._tokens[self._next][0] != "end":
            self._fail("an operator is missing, such as *")
        return part

    def _read(self, least=0):
        """Read on while operators bind at least this tightly."""
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail("nested too deeply")
        left = self._prefix()
        while (binding := _BINDING.get(self._peek(), -1)) >= least and binding >= 0:
            left = self._infix(left, binding)
        self._depth -= 1
        return left

    def _prefix(self):
        kind, text, _ = token = self._take()
        if kind == "number":
            return self._literal(token)
        if kind == "name":
            return self._call(token) if self._peek() == "(" else self._named(token)
        if text in ("-", "+"):
            value = self._value(_SIGNED)
            return self._made(token, -1 if text == "-" else 1, value, lambda one, x: one * x, "*")
        if text == "(":
            inner = self._read()
            self._expect(")")
            return inner
        if text == "|":
            inner = self._value()
            self._expect("|")
            return self._apply(token, "abs", [inner])
        return self._fail("a number, a name or a parenthesis is expected", token)

    def _value(self, least=_BINDING["+"]):
        part = self._read(least)
        return part if isinstance(part, _Part) else self._fail("a value is expected, not a condition")

    def _literal(self, token):
        text = token[1]
        number = float(text)
        if len(text) > _LONGEST_NUMBER:
            self._fail(f"a number has at most {_LONGEST_NUMBER} characters", token)
        if number == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
            number = math.inf  # less than any float
        self._bound(number, token)
        return _Part(sp.Rational(text), number, abs(number))

    def _bound(self, number, token):
        if number != 0 and not 1 / _LARGEST <= abs(number) <= _LARGEST:
            self._fail(f"a number must lie between {1 / _LARGEST:g} and {_LARGEST:g}", token)

    def _named(self, token):
        name = token[1]
        if name == "w":
            return _Part(w, degree=1)
        if name in _CONSTANTS:
            return _Part(*_CONSTANTS[name])
        if name in _FUNCTIONS or name in _ALIASES or name in ("oo", "True", "Piecewise"):
            self._fail("not the name of a parameter", token)
        if not _NAME.fullmatch(name):
            self._fail("a name has at most 16 letters", token)
        if name not in self._symbols and len(self._symbols) >= _MOST_PARAMETERS:
            self._fail(f"at most {_MOST_PARAMETERS} parameters", token)
        return _Part(self._symbols.setdefault(name, sp.Symbol(name, positive=True)), degree=1)

    def _call(self, token):
        name = _ALIASES.get(token[1], token[1])
        self._take()
        if name == "Piecewise":
            return self._cases(token)
        if name not in _FUNCTIONS:
            self._fail(f"no such function; there are {', '.join(sorted(_FUNCTIONS))} and Piecewise", token)
        arguments = [self._value()]
        while self._peek() == ",":
            self._take()
            arguments.append(self._value())
        self._expect(")")
        return self._apply(token, name, arguments)

    def _apply(self, token, name, arguments):
        many = name in ("max", "min")
        if (len(arguments) < 2) if many else (len(arguments) != 1):
            self._fail("two arguments or more are expected" if many else "one argument is expected", token)
        compute = _NUMBERS.get(name) or getattr(math, name)
        if name in _GROWING and max(each.size for each in arguments) > _LARGEST_IN_EXPONENT:
            self._fail(f"an exponent must not be larger than {_LARGEST_IN_EXPONENT:g}", token)
        return self._checked(
            token,
            lambda: _FUNCTIONS[name](*(each.expression for each in arguments)),
            self._number(token, compute, arguments),
            size=1.0 if name in _GROWING else max(each.size for each in arguments),
            degree=max(each.degree for each in arguments),
            tower=max(each.tower for each in arguments) + (name in _GROWING),
            kinks=sum(each.kinks for each in arguments) + (len(arguments) if name in _KINKED else 0),
        )

    def _cases(self, token):
        pairs, values, kinks = [], [], 0
        while True:
            self._expect("(")
            if (self._peek(), self._peek(1)) == ("oo", ","):
                self._take()
                value = sp.oo
            else:
                values.append(self._value())
                value = values[-1].expression
            self._expect(",")
            if (self._peek(), self._peek(1)) == ("True", ")"):
                self._take()
                condition = _Condition(sp.true)
            else:
                condition = self._read()
            if not isinstance(condition, _Condition):
                self._fail("a condition is expected, such as w > 0")
            kinks += 1 + condition.kinks
            pairs.append((value, condition.expression))
            self._expect(")")
            if self._peek() != ",":
                break
            self._take()
        self._expect(")")
        return self._checked(
            token,
            lambda: sp.Piecewise(*pairs),
            None,
            size=max((each.size for each in values), default=1.0),
            degree=max((each.degree for each in values), default=0.0),
            tower=max((each.tower for each in values), default=0),
            kinks=kinks + sum(each.kinks for each in values),
        )

    def _infix(self, left, binding):
        token = self._take()
        sign = token[1]
        if sign == "&":
            return self._both(token, left, self._read(binding + 1))
        if sign in _RELATIONS:
            return self._relation(token, left)
        if not isinstance(left, _Part):
            self._fail("a value is expected before it, not a condition", token)
        if sign in ("^", "**"):
            return self._power(token, left, self._value(_SIGNED))  # to the right: 2^3^2 is 2^9
        right = self._value(binding + 1)
        if sign == "/":
            if right.number == 0:
                self._fail("a division by 0", token)
            return self._made(token, left, right, lambda a, b: a / b, sign)
        compute = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}[sign]
        return self._made(token, left, right, compute, sign)

    def _both(self, token, left, right):
        if not (isinstance(left, _Condition) and isinstance(right, _Condition)):
            self._fail("conditions are expected on both sides", token)
        return _Condition(sp.And(left.expression, right.expression), left.kinks + right.kinks)

    def _relation(self, token, left):
        """Read an inequality, or a chain of them such as 0 < w < 1."""
        conditions, kinks = [], 0
        while True:
            if not isinstance(left, _Part):
                self._fail("a value is expected before it, not a condition", token)
            right = self._value()
            kinks += 1 + left.kinks + right.kinks
            conditions.append(_RELATIONS[token[1]](left.expression, right.expression))
            if self._peek() not in _RELATIONS:
                return _Condition(sp.And(*conditions), kinks)
            token, left = self._take(), right

    def _made(self, token, left, right, compute, sign):
        """Return a sum, difference, product or quotient of two parts; `left` may be 1 or -1."""
        left = left if isinstance(left, _Part) else _Part(sp.Integer(left), float(left))
        if sign in "+-":
            size, degree = left.size + right.size, max(left.degree, right.degree)
        else:
            divided = sign == "/" and right.number is not None
            size, degree = left.size * (1 / right.size if divided else right.size), left.degree + right.degree
        return self._checked(
            token,
            lambda: compute(left.expression, right.expression),
            self._number(token, compute, [left, right]),
            size=size,
            degree=degree,
            tower=max(left.tower, right.tower),
            kinks=left.kinks + right.kinks,
        )

    def _power(self, token, base, exponent):
        growing = exponent.number is None
        if growing and max(exponent.size, base.size) > _LARGEST_IN_EXPONENT:
            self._fail(f"an exponent must not be larger than {_LARGEST_IN_EXPONENT:g}", token)
        if not growing and exponent.expression.is_Rational and exponent.expression.q > _LARGEST_DENOMINATOR:
            self._fail(f"an exponent has a denominator of at most {_LARGEST_DENOMINATOR}", token)
        if base.number == 0 and not (exponent.number or 0) > 0:
            self._fail("0 to such a power is not a number", token)
        height = 1.0 if growing else max(abs(exponent.number), 1.0)
        if height > _HIGHEST_POWER:
            self._fail(f"a power must not be higher than {_HIGHEST_POWER}", token)
        return self._checked(
            token,
            lambda: base.expression**exponent.expression,
            self._number(token, math.pow, [base, exponent]),
            size=max(base.size, 1.0) ** height,
            degree=max(base.degree, exponent.degree) * height,
            tower=max(base.tower, exponent.tower) + growing,
            kinks=base.kinks + exponent.kinks,
        )

    def _number(self, token, compute, parts):
        """Return the value in plain floating-point arithmetic, or None if there are symbols."""
        if any(part.number is None for part in parts):
            return None
        try:
            return float(compute(*(part.number for part in parts)))
        except (OverflowError, ValueError):
            return self._fail("not a real number, or too large", token)

    def _checked(self, token, build, number, *, size, degree, tower, kinks):
        """Return the part that `build()` makes, if it respects all bounds."""
        if degree > _HIGHEST_POWER:
            self._fail(f"a power must not be higher than {_HIGHEST_POWER}", token)
        if tower > _HIGHEST_TOWER:
            self._fail(f"at most {_HIGHEST_TOWER} exponentials in each other", token)
        if kinks > _MOST_KINKS:
            self._fail(f"at most {_MOST_KINKS} kinks and cases", token)
        if size > _LARGEST:
            self._fail(f"a number must not be larger than {_LARGEST:g}", token)
        if number is not None:
            self._bound(number, token)
        expression = build()
        if number is None and expression.is_number:  # such as w - w
            number = self._value_of(expression, token)
            self._bound(number, token)
        return _Part(expression, number, size if number is None else abs(number), degree, tower, kinks)

    def _value_of(self, expression, token):
        try:
            return float(expression)
        except (OverflowError, TypeError, ValueError):
            return self._fail("not a real number, or too large", token)
