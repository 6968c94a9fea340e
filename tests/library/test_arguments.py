"""Every kind of argument is checked; the error names the argument, what was expected and what was given."""

import decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from exactzeros import _arguments as arguments

NOT_NUMBERS = [
    None,
    "1",
    b"1",
    1j,
    [1.0],
    np.array([1.0]),
    sp.Symbol("x"),
    decimal.Decimal(1),
    object(),
    True,
    np.True_,
]
NOT_FINITE = [np.nan, np.inf, -np.inf, 10**400, -(10**400), np.float32("inf")]


@pytest.mark.parametrize(
    "value", [1, -2.5, np.float32(0.5), np.int8(3), Fraction(1, 2), sp.Rational(1, 4), sp.Float(2.0)]
)
def test_number_is_returned_as_float(value):
    number = arguments.as_number("step", value)
    assert type(number) is float
    assert number == float(value)


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_not_a_number(value):
    with pytest.raises(TypeError, match=r"^step must be a real number, got .* of type \w+$"):
        arguments.as_number("step", value)


@pytest.mark.parametrize("value", NOT_FINITE, ids=lambda value: str(value)[:10])
def test_not_a_finite_number(value):
    with pytest.raises(ValueError, match=r"^step must be a finite float, got .{1,60}$"):
        arguments.as_number("step", value)


@pytest.mark.parametrize("value", [0, -1, -1e-300, Fraction(-1, 3)])
def test_not_a_positive_number(value):
    with pytest.raises(ValueError, match=r"^step must be positive, got "):
        arguments.as_positive("step", value)


def test_positive_number():
    assert arguments.as_positive("step", 5e-324) == 5e-324


def test_count():
    assert arguments.as_count("n", np.int64(3)) == 3
    assert type(arguments.as_count("n", sp.Integer(3))) is int
    assert arguments.as_count("n", 0, least=0) == 0


@pytest.mark.parametrize("value", [1.0, "1", None, True, np.True_, [1]], ids=repr)
def test_not_a_count(value):
    with pytest.raises(TypeError, match=r"^n must be an integer, got .* of type \w+$"):
        arguments.as_count("n", value)


def test_count_too_small():
    with pytest.raises(ValueError, match=r"^n must be at least 2, got 1$"):
        arguments.as_count("n", 1, least=2)


def test_instance():
    assert arguments.as_instance("penalty", "text", str) == "text"
    with pytest.raises(TypeError, match=r"^penalty must be a str, got 3 of type int$"):
        arguments.as_instance("penalty", 3, str)


@pytest.mark.parametrize(
    "value",
    [
        3,
        2.5,
        [1, 2],
        (1.5, -2),
        np.arange(6, dtype=np.int16).reshape(2, 3),
        np.float32([0.5]),
        np.float64(1.5),
        [[1], [2]],
    ],
    ids=repr,
)
def test_array_is_float64_of_the_same_shape(value):
    array = arguments.as_array("x", value)
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, value)
    assert array.shape == np.shape(value)


def test_float64_array_is_not_copied():
    array = np.arange(3.0)
    assert arguments.as_array("x", array) is array
    assert arguments.as_array_of_any_value("x", array) is array


@pytest.mark.parametrize(
    "value",
    [
        None,
        "abc",
        ["1", "2"],
        1j,
        [1.0, 2j],
        True,
        [True, False],
        [None, 1.0],
        {1.0},
        sp.Symbol("x"),
        [10**400],
        np.array("2020", "M8[Y]"),
    ],
    ids=repr,
)
def test_array_of_something_else(value):
    with pytest.raises(TypeError, match=r"^x must hold real numbers, got .* of dtype .+$"):
        arguments.as_array("x", value)


def test_long_values_are_cut_short_in_the_message():
    with pytest.raises(TypeError) as caught:
        arguments.as_array("x", ["text"] * 1000)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("value", [[], [[]], np.empty((3, 0))], ids=repr)
def test_empty_array(value):
    with pytest.raises(ValueError, match=r"^x must not be empty, got an array of shape \("):
        arguments.as_array("x", value)


@pytest.mark.parametrize("value", [[1, [2, 3]], [[1], [2, 3]]], ids=repr)
def test_ragged_list(value):
    with pytest.raises(ValueError, match=r"^x must be a rectangular array, got \["):
        arguments.as_array("x", value)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (np.nan, "nan$"),
        ([0, np.inf], r"inf at index \(1,\)$"),
        ([[1, 2], [-np.inf, np.nan]], r"-inf at index \(1, 0\)$"),
    ],
)
def test_array_that_is_not_finite(value, place):
    with pytest.raises(ValueError, match=rf"^x must be finite, got {place}"):
        arguments.as_array("x", value)
    arguments.as_array_of_any_value("x", value)


def test_dimensions():
    assert arguments.as_array("x", [1], ndim=1).shape == (1,)
    assert arguments.as_array("x", [[1]], ndim=(1, 2)).shape == (1, 1)
    with pytest.raises(ValueError, match=r"^x must have 1 dimension\(s\), got shape \(1, 1\)$"):
        arguments.as_array("x", [[1]], ndim=1)
    with pytest.raises(ValueError, match=r"^x must have 1 or 2 dimension\(s\), got shape \(\)$"):
        arguments.as_array("x", 1, ndim=(1, 2))


def test_shape():
    assert arguments.as_array("x", [1, 2], shape=(2,)).shape == (2,)
    with pytest.raises(ValueError, match=r"^x must have shape \(2,\), got \(3,\)$"):
        arguments.as_array("x", [1, 2, 3], shape=(2,))
