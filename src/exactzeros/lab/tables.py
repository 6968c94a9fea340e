"""Audits of a reader's own numbers: weights and slopes, or a table of data."""

import re

import numpy as np

from ..auditing.first_order import audit
from ..losses import LeastSquares
from ..solvers import coordinate_descent

_MOST_NUMBERS = 100_000
_MOST_WEIGHTS = 2000
_MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "?", ".")


def report_on_weights(text, penalty):
    """Return the audit of the weights and slopes in a text, one pair per line.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> print(report_on_weights("2, -0.5\\n0, 0.2", catalog.l1().at(beta=0.5)).splitlines()[0])
    2 weights: 1 certified zero, 1 stationary
    """
    _, table = _table(text)
    if table.shape[1] != 2:
        got = f"got {table.shape[1]}; for a table of data, choose that above"
        raise ValueError(f"each line must have two numbers, a weight and a slope, {got}")
    if len(table) > _MOST_WEIGHTS:
        raise ValueError(f"at most {_MOST_WEIGHTS} weights, got {len(table)}")
    return str(audit(table[:, 0], table[:, 1], penalty))


def report_on_data(text, penalty):
    """Return the audit of the weights that coordinate descent finds for a table with the target in the last column.

    The loss is half the mean squared error. The columns are centered, which amounts to an unpenalized intercept.
    """
    names, table = _table(text)
    if len(table) < 2 or table.shape[1] < 2:
        rows, columns = table.shape
        raise ValueError(f"two lines or more with two columns or more are expected, got {rows} with {columns}")
    if table.shape[1] - 1 > _MOST_WEIGHTS:
        raise ValueError(f"at most {_MOST_WEIGHTS} columns, got {table.shape[1]}")
    centred = table - table.mean(axis=0)
    loss = LeastSquares(centred[:, :-1], centred[:, -1])
    result = coordinate_descent(loss, penalty)
    report = audit(result.solution, loss.gradient(result.solution), penalty, names=names and names[:-1])
    return f"coordinate descent: {result.reason} after {result.iterations} sweeps\n{report}"


def _table(text):
    """Return the names in the first line, or None if it holds numbers, and the numbers, one row per line."""
    lines = _rows(text)
    names = None
    if lines and not any(map(_is_number, lines[0])):
        names = lines.pop(0)
    if not lines:
        raise ValueError("no numbers, got an empty table: paste one line for each row")
    widths = {len(line) for line in lines} | ({len(names)} if names else set())
    if len(widths) > 1:
        raise ValueError(f"each line must have as many columns as the others, got {sorted(widths)}")
    if len(lines) * len(lines[0]) > _MOST_NUMBERS:
        raise ValueError(f"at most {_MOST_NUMBERS} numbers, got {len(lines) * len(lines[0])}")
    for number, line in enumerate(lines, start=1 + bool(names)):
        for column, cell in enumerate(line):
            if not _is_number(cell):
                _refuse(cell, number, names[column] if names else f"column {column + 1}")
    return names, np.array([[float(cell) for cell in line] for line in lines])


def _refuse(cell, line, column):
    """Raise an error that says what to do about a cell that is no number."""
    if cell.lower() in _MISSING:
        raise ValueError(f"a value is missing in line {line}, {column}: fill it in, or leave out that line or column")
    raise ValueError(f"numbers are expected, got {cell[:20]!r} in line {line}, {column}: leave out that line or column")


def _rows(text):
    """Return the cells of each line. Where no commas separate them, these are decimal commas."""
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    spaced = re.search(r"[0-9] +[-+.0-9]", text)  # two numbers with nothing but spaces between them
    separator = next((each for each in (";", "\t", *([] if spaced else [","])) if each in text), None)
    rows = [[_cell(cell) for cell in line.split(separator)] for line in lines]
    return rows if separator == "," else [[cell.replace(",", ".") for cell in row] for row in rows]


def _cell(text):
    return text.strip().strip('"')


def _is_number(cell):
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
