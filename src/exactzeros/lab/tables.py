"""Audits of a reader's own numbers: weights and slopes, or a table of data."""

import numpy as np

from ..auditing.first_order import audit
from ..losses import LeastSquares
from ..solvers import coordinate_descent

_MOST_NUMBERS = 100_000
_MOST_WEIGHTS = 2000


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
        raise ValueError(f"each line must have two numbers, a weight and a slope, got {table.shape[1]}")
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
    lines = [_cells(line) for line in text.splitlines() if line.strip()]
    names = None
    if lines and not all(map(_is_number, lines[0])):
        names = lines.pop(0)
    if not lines:
        raise ValueError("no numbers, got an empty table")
    widths = {len(line) for line in lines} | ({len(names)} if names else set())
    if len(widths) > 1:
        raise ValueError(f"each line must have as many columns as the others, got {sorted(widths)}")
    if len(lines) * len(lines[0]) > _MOST_NUMBERS:
        raise ValueError(f"at most {_MOST_NUMBERS} numbers, got {len(lines) * len(lines[0])}")
    for number, line in enumerate(lines, start=1 + bool(names)):
        for cell in line:
            if not _is_number(cell):
                raise ValueError(f"numbers are expected, got {cell[:20]!r} in line {number}")
    return names, np.array([[float(cell) for cell in line] for line in lines])


def _cells(line):
    for separator in (";", ",", "\t"):
        if separator in line:
            return [cell.strip().strip('"') for cell in line.split(separator)]
    return line.split()


def _is_number(cell):
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
