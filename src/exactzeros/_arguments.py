"""Validation of the arguments of public functions: one check for each kind of value."""

import math
import numbers

import numpy as np


def as_array(name, value, *, ndim=None, shape=None):
    """Return `value` as a finite, non-empty float64 array.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : array_like of real numbers
    ndim : int or tuple of int, optional
        The allowed numbers of dimensions.
    shape : tuple of int, optional
        The exact shape.

    Returns
    -------
    numpy.ndarray of float64
        `value` itself if it already is such an array.

    Raises
    ------
    TypeError
        If `value` is not made of real numbers.
    ValueError
        If it is empty, ragged, of the wrong shape, or contains a NaN or an infinity.

    Examples
    --------
    >>> as_array("slopes", [1, 2], ndim=1)
    array([1., 2.])
    """
    array = _as_shaped(name, value, ndim, shape)
    if not all_finite(array):
        raise ValueError(f"{name} must be finite, got {describe_non_finite(array)}")
    return array


def as_array_of_any_value(name, value, *, shape=None):
    """Return `value` as a non-empty float64 array whose finiteness the caller still has to check."""
    return _as_shaped(name, value, None, shape)


def all_finite(array):
    """Whether all entries of an array of floats are finite; its sum tells faster unless it overflows."""
    with np.errstate(all="ignore"):
        return math.isfinite(array.sum()) or bool(np.isfinite(array).all())


def describe_non_finite(array):
    """Describe where the first NaN or infinity of `array` is, for an error message."""
    first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0]) if np.ndim(array) else ()
    return f"{array[first]} at index {first}" if first else f"{float(array)}"


def as_number(name, value):
    """Return `value` as a finite float; raise `TypeError` or `ValueError` if it is not one."""
    if not isinstance(value, numbers.Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a real number, got {_short(value)} of type {type(value).__name__}")
    try:
        number = float(value)
    except OverflowError:  # an int or a fraction too large for a float
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a finite float, got {_short(value)}")
    return number


def as_positive(name, value):
    """Return `value` as a finite float above 0; raise `TypeError` or `ValueError` if it is not one."""
    number = as_number(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be positive, got {value!r}")
    return number


def as_count(name, value, least=1):
    """Return `value` as an int of at least `least`; raise `TypeError` or `ValueError` if it is not one."""
    if not isinstance(value, numbers.Integral) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be an integer, got {value!r} of type {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}")
    return int(value)


def as_instance(name, value, kind):
    """Return `value` if it is a `kind`; raise `TypeError` otherwise."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {value!r} of type {type(value).__name__}")
    return value


def refuse_masked(name, value):
    """Raise `TypeError` if `value` is a masked array, whose mask NumPy would drop."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must have a number in each place, got a masked array")


def _as_shaped(name, value, ndim, shape):
    refuse_masked(name, value)
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array, got {_short(value)}") from error
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold real numbers, got {_short(value)} of dtype {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got an array of shape {array.shape}")
    allowed = (ndim,) if isinstance(ndim, int) else ndim
    if allowed is not None and array.ndim not in allowed:
        raise ValueError(f"{name} must have {' or '.join(map(str, allowed))} dimension(s), got shape {array.shape}")
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {array.shape}")
    return array.astype(np.float64, copy=False)


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
