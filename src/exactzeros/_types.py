"""Types for annotations."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from sympy.core.relational import Relational

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Inequality = Relational | bool  # type checkers see `p > 1` as either
Numbers = NDArray[Any] | Sequence[Any] | float  # like NumPy's array_like


class Tensor(Protocol):
    """An array of another library, which knows its device."""

    @property
    def device(self) -> Any: ...


AnyTensor = TypeVar("AnyTensor", bound=Tensor)
