"""The data of an audit, read once in blocks: predictions, slopes, and the sizes of the columns."""

from dataclasses import dataclass

import numpy as np

from .._arguments import as_array, as_array_of_any_value

_ENTRIES = 1 << 16  # of a block, half a megabyte: it stays in the cache for all that is computed from it


@dataclass
class Reading:
    """What one pass over the data gives, for the predictions and slopes of one point.

    Attributes
    ----------
    predictions, sample_slopes : numpy.ndarray
        The predictions, and the slopes of the loss in them; one row a sample.
    gradient : numpy.ndarray
        `sum_j c_j v_j x_j`, one row for each output.
    squares, sums : numpy.ndarray
        `sum_j c_j x_ji**2` and `sum_j c_j x_ji` of each column `i`.
    """

    predictions: np.ndarray
    sample_slopes: np.ndarray
    gradient: np.ndarray
    squares: np.ndarray
    sums: np.ndarray | None


def is_sparse(X):
    """Whether `X` is one of SciPy's sparse arrays, without importing them."""
    return hasattr(X, "tocsr")


def is_dask(X):
    """Whether `X` is an array of dask, without importing it."""
    return hasattr(X, "__dask_graph__")


def read(X, coefficients, intercept, loss, y, sample_weights):
    """Return the `Reading` of `X`.

    Parameters
    ----------
    X : array, sparse array, data frame, dask array, or an iterable of blocks of rows
    coefficients : numpy.ndarray of shape (p,) or (k, p)
    intercept : numpy.ndarray of shape () or (k,)
    loss : SampleLoss
    y : numpy.ndarray with one row per sample
    sample_weights : numpy.ndarray of shape (n,) or (n, k)
        `c`.
    """
    if is_sparse(X) and X.format == "csc":
        return _read_columns(X, coefficients, intercept, loss, y, sample_weights)
    if is_dask(X):
        return _read_dask(X, coefficients, intercept, loss, y, sample_weights)
    features, start = coefficients.shape[-1], 0
    gradient = np.zeros(coefficients.shape)
    squares = np.zeros((*sample_weights.shape[1:], features))
    live = _live_columns(coefficients)
    sums = None if is_sparse(X) else np.zeros(squares.shape)
    predictions = np.empty((len(sample_weights), *coefficients.shape[:-1]))
    slopes = np.empty(predictions.shape)
    for block in row_blocks(X):
        if block.shape[1] != features:
            raise ValueError(f"X must have blocks of shape (n, {features}), got {block.shape}")
        rows = slice(start, start + block.shape[0])
        weights = sample_weights[rows]
        if len(weights) != block.shape[0]:
            raise ValueError(f"X must have {len(sample_weights)} rows, as y has, got more")
        if start == 0 and sums is not None and not _is_off_center(block):
            sums = None
        if live is None or is_sparse(block):
            predictions[rows] = block @ coefficients.T + intercept
        else:
            predictions[rows] = block[:, live] @ coefficients[..., live].T + intercept
        slopes[rows] = loss.slope(predictions[rows], y[rows])
        gradient += (block.T @ (_columns(weights, slopes) * slopes[rows])).T
        squares += _sum_of_squares(block, weights)
        if sums is not None:
            sums += (block.T @ weights).T
        start = rows.stop
    if start != len(sample_weights):
        raise ValueError(f"X must have {len(sample_weights)} rows, as y has, got {start}")
    return Reading(predictions, slopes, gradient, squares, sums)


def _read_dask(X, coefficients, intercept, loss, y, sample_weights):
    """Read each block of rows where it is; sums, predictions and slopes come back, the data do not."""
    from dask.delayed import delayed  # an array of dask brings it

    X = X.rechunk({1: -1})
    stops = np.cumsum(X.chunks[0])
    read_one, add = delayed(read), delayed(_added)
    readings = [
        read_one(block, coefficients, intercept, loss, y[stop - size : stop], sample_weights[stop - size : stop])
        for block, size, stop in zip(X.to_delayed()[:, 0], X.chunks[0], stops, strict=True)
    ]
    while len(readings) > 1:
        pairs = [readings[i : i + 2] for i in range(0, len(readings), 2)]
        readings = [add(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return readings[0].compute()


def _added(first, second):
    sums = None if first.sums is None else first.sums + second.sums
    return Reading(
        np.concatenate([first.predictions, second.predictions]),
        np.concatenate([first.sample_slopes, second.sample_slopes]),
        first.gradient + second.gradient,
        first.squares + second.squares,
        sums,
    )


def gradient_of(X, pulls, features):
    """Return `X.T @ pulls`, one row for each output."""
    if is_dask(X):
        return np.asarray((X.T @ pulls).T)
    if is_sparse(X) and X.format == "csc":
        parts = [(block.T @ pulls).T for _, block in _column_blocks(X)]
        return np.concatenate(parts, axis=-1)
    total, start = np.zeros((*pulls.shape[1:], features)), 0
    for block in row_blocks(X):
        total += (block.T @ pulls[start : start + block.shape[0]]).T
        start += block.shape[0]
    return total


def refuse_not_finite(X):
    """Raise the error of `as_array` for the first entry of `X` that is not finite, if there is one."""
    if is_sparse(X):
        as_array("X", X.data)
    elif not is_dask(X) and hasattr(X, "shape"):
        start = 0
        for block in row_blocks(X):
            if not np.isfinite(block).all():
                row, column = np.argwhere(~np.isfinite(block))[0]
                raise ValueError(f"X must be finite, got {block[row, column]} at index ({row + start}, {column})")
            start += block.shape[0]
    raise ValueError("X must have entries whose products are finite floats, got larger ones")


def row_blocks(X):
    """Yield blocks of rows of `X` as float64."""
    if is_sparse(X):
        yield from _sparse_rows(X)
    elif hasattr(X, "shape"):
        frame = getattr(X, "iloc", X)
        step = max(1, _ENTRIES // max(1, X.shape[1]))
        for start in range(0, X.shape[0], step):
            yield as_block(frame[start : start + step])
    else:
        for part in X:
            yield from row_blocks(part) if hasattr(part, "shape") else [as_block(part)]


def as_block(rows):
    """Return rows of an array or a data frame as float64; bool and nullable columns become numbers."""
    if hasattr(rows, "columns") and hasattr(rows, "to_numpy"):  # a data frame
        try:
            rows = rows.astype(float).to_numpy() if hasattr(rows, "iloc") else rows.cast(float).to_numpy()
        except (TypeError, ValueError) as error:
            raise TypeError(f"X must hold real numbers, got columns of other types: {error}") from error
    array = np.asarray(rows)
    if array.ndim != 2:
        raise ValueError(f"X must have blocks of two dimensions, got shape {array.shape}")
    return array.astype(float) if array.dtype == bool else as_array_of_any_value("X", array)


def _live_columns(coefficients):
    """Return the columns with a weight that is not zero, or None if they are too many to gain from."""
    live = np.flatnonzero(np.atleast_2d(coefficients).any(axis=0))
    return live if 16 * len(live) < coefficients.shape[-1] else None


def _is_off_center(block):
    """Whether the mean of many columns is large beside their spread, as far as the first rows tell."""
    means, squares = block.mean(axis=0), np.einsum("ij,ij->j", block, block) / len(block)
    return bool(np.mean(means**2 > 0.3 * squares) > 0.05)


def _sum_of_squares(block, weights):
    if is_sparse(block):
        return (_squared(block).T @ weights).T
    if weights.ndim == 1 and (weights == weights[0]).all():
        return weights[0] * np.einsum("ij,ij->j", block, block)
    return (np.square(block).T @ weights).T


def _squared(block):
    """Return the sparse block with its entries squared."""
    return type(block)((block.data**2, block.indices, block.indptr), shape=block.shape, copy=False)


def _columns(weights, slopes):
    """Return the samples' weights in a shape that multiplies their slopes."""
    return weights[:, np.newaxis] if slopes.ndim > weights.ndim else weights


def _sparse_rows(X):
    """Yield blocks of rows that share the memory of `X`."""
    import scipy.sparse

    for where, parts in _slices(X):
        yield scipy.sparse.csr_array(parts, shape=(where.stop - where.start, X.shape[1]), copy=False)


def _column_blocks(X):
    """Yield the slice of the columns and the block of columns, which shares the memory of `X`."""
    import scipy.sparse

    for where, parts in _slices(X):
        yield where, scipy.sparse.csc_array(parts, shape=(X.shape[0], where.stop - where.start), copy=False)


def _slices(X):
    """Yield slices of the compressed axis, with their data, indices and index pointers."""
    start, last = 0, len(X.indptr) - 1
    while start < last:
        stop = int(np.searchsorted(X.indptr, X.indptr[start] + 4 * _ENTRIES, side="right")) - 1
        stop = min(max(stop, start + 1), last)
        where = slice(X.indptr[start], X.indptr[stop])
        yield slice(start, stop), (
            np.asarray(X.data[where], float), X.indices[where], X.indptr[start : stop + 1] - X.indptr[start]
        )  # fmt: skip
        start = stop


def _read_columns(X, coefficients, intercept, loss, y, sample_weights):
    predictions = np.zeros((X.shape[0], *coefficients.shape[:-1])) + intercept
    for where, block in _column_blocks(X):
        predictions += block @ coefficients[..., where].T
    slopes = loss.slope(predictions, y)
    pulls = _columns(sample_weights, slopes) * slopes
    gradients, squares = [], []
    for _, block in _column_blocks(X):
        gradients.append((block.T @ pulls).T)
        squares.append((_squared(block).T @ sample_weights).T)
    return Reading(predictions, slopes, np.concatenate(gradients, -1), np.concatenate(squares, -1), None)
