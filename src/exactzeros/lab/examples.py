"""The examples of the lab's page with their answers, which the page shows before Python runs in it."""

import json

from .answers import answers

# The name, the text, the assumptions, and the numbers for the sliders.
EXAMPLES = [
    ("L1", "beta*|w|", [], {"beta": "1"}),
    ("Ridge", "beta*w^2", [], {"beta": "1"}),
    ("Log sum", "beta*log(1 + |w|/eps)", [], {"beta": "2", "eps": "1"}),
    ("Root", "beta*sqrt(|w|)", [], {"beta": "1"}),
    ("A power", "beta*|w|^p", ["p > 1"], {"beta": "1", "p": "2"}),
    ("A dead zone", "max(|w| - 1, 0)", [], {}),
    ("Only positive", "Piecewise((0, w >= 0), (oo, True))", [], {}),
    ("Asymmetric", "beta*max(w, -c*w)", [], {"beta": "1", "c": "1"}),
    (
        "MCP",
        "Piecewise((beta*|w| - w^2/(2*gamma), |w| <= beta*gamma), (beta^2*gamma/2, True))",
        ["gamma > 1"],
        {"beta": "1", "gamma": "2"},
    ),
    (
        "Huber",
        "beta*Piecewise((w^2/(2*delta), |w| <= delta), (|w| - delta/2, True))",
        [],
        {"beta": "1", "delta": "1"},
    ),
]


def answered(examples=EXAMPLES):
    """Return examples with all parts of their answers, as JSON that can stand in a page.

    Examples
    --------
    >>> [example["name"] for example in json.loads(answered(EXAMPLES[:1]))]
    ['L1']
    """
    found = [
        {"name": name, "text": text, "assumptions": assumptions, "values": values}
        | {"parts": [_shortened(part) for part in answers(text, assumptions, values)]}
        for name, text, assumptions, values in examples
    ]
    return json.dumps(found, separators=(",", ":"), allow_nan=False).replace("<", r"\u003c")


def _shortened(part):
    """Return the part with the digits that a picture can show."""
    if part["part"] != "pictures":
        return part
    curves = {name: values and [_rounded(value) for value in values] for name, values in part["value"].items()}
    return part | {"value": curves}


def _rounded(value):
    return value if value is None else float(f"{value:.4g}")
