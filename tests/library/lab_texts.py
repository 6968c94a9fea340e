"""What readers may type into the lab: every named penalty, odd ones, and malicious texts."""

from exactzeros import catalog

VALUES = {"beta": "2", "eps": "0.1", "gamma": "3", "delta": "0.5", "c": "0.7", "lambda": "0.3"}


def values(assumptions):
    """Return numbers for the parameters that satisfy the assumptions."""
    return VALUES | {"a": "3" if "a > 2" in assumptions else "0.5", "p": "0.5" if "p < 1" in assumptions else "1.5"}


CATALOG = {
    name: (str(penalty.expression), list(map(str, penalty.assumptions))) for name, penalty in catalog.every().items()
}
ODD = [  # the text, the assumptions
    ("max(|w| - 1, 0)", []),  # kinks elsewhere
    ("||w| - 1|", []),
    ("beta*|w - 1|", []),
    ("|w| + |w - 1/2|/2 + |w + 2|/3", []),
    ("min(|w|, 1)", []),
    ("|w^2 - 1|", []),
    ("beta*max(w, -c*w)", []),  # asymmetric
    ("max(2*w, -w/3) + w^2", []),
    ("exp(w) - 1 - w", []),
    ("beta*|w| + w/3", []),
    ("beta*|w|^(1/3)", []),  # infinite slopes
    ("beta*sqrt(|w|) + w^2", []),
    ("sign(w)^2", []),
    ("log(1 + sqrt(|w|))", []),
    ("w^4", []),  # smooth
    ("beta*w^2/(3 + w^2)", []),
    ("log(cosh(w))", []),
    ("atan(w^2)", []),
    ("beta*(1 - exp(-w^2/eps))", []),
    ("tanh(w)^2", []),
    ("1 - cos(w)", []),
    ("beta*|w|^p", []),  # undecided without an assumption
    ("beta*|w|^p", ["p > 1"]),
    ("beta*|w|^p", ["p < 1"]),
    ("|w|*(beta - 1)", []),
    ("-|w|", []),  # the kink points upwards
    ("lambda*|w|*exp(-|w|)", []),
    ("Piecewise((0, |w| <= 1), (oo, True))", []),  # infeasible outside
    ("Piecewise((w^2/2, 0 <= w & w < 1), (w - 1/2, w >= 1), (oo, True))", []),
    ("Piecewise((beta*w, w >= 0), (-c*w, True))", []),
    ("beta*atan(|w|/eps)", []),
    ("beta*|w|/(eps + |w|)", []),
    ("1/(1 - |w|) - 1", []),  # a pole
    ("log(|w|)", []),  # no penalty: infinite at 0
    ("sqrt(w - 1)", []),  # not real
]
HOSTILE = [
    "",
    " ",
    "w" * 301,
    "(" * 200 + "w" + ")" * 99,
    "-" * 299 + "w",
    "|" * 40 + "w" + "|" * 40,
    "__import__('os').system('ls')",
    "().__class__",
    "w.subs",
    "w[0]",
    "lambda: w",
    "[w for w in w]",
    "f'{w}'",
    "'a'*9",
    "w if w else 1",
    "w; w",
    "w = 1",
    "w\n\\",
    "eval(w)",
    "Symbol(w)",
    "exp(w, evaluate)",
    "λ*|w|",
    "１*w",
    "2w",
    "w w",
    "w +",
    "* w",
    "(w",
    "w)",
    "|w",
    "max(w)",
    "abs(w, w)",
    "abs()",
    "Piecewise(w)",
    "Piecewise((w, w))",
    "Piecewise((oo*w, True))",
    "oo*|w|",
    "True",
    "w > 0",
    "w > (w > 0)",
    "(w > 0) + 1",
    "exp(1e14)*|w|",
    "exp(1e14*w)*exp(1e14 - 1e14*w)*|w|",
    "exp(1000*w*1000)",
    "1e999999999*|w|",
    "1e-999999999*|w|",
    "9" * 250 + "*w",
    "10^(10^10)*w",
    "9^9^9*|w|",
    "((w^20)^20)^20",
    "(w^9 + 1)^9",
    "|w|^1e9",
    "|w|^0.123456789",
    "w^w^w^w",
    "exp(exp(exp(w)))",
    "2^(2^(2^w))",
    "*".join(["|w - 1|"] * 13),
    "max(" + ", ".join(f"{k}*w" for k in range(13)) + ")",
    "+".join(f"a{k}*w" for k in range(7)) + "+w",
    "w/0",
    "w/(1 - 1)",
    "w/(w - w)",
    "0^-1*w",
    "0^w",
    "0^(w - w)",
    "log(0)*w",
    "log(-1)*w",
    "sqrt(-1)*w",
    "(-1)^(1/2)*w",
    "(-8)^(1/3)*w",
    "a" * 17 + "*w",
    "Abs*w",
    "oo",
]
