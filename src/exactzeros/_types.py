"""Types that annotations name."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from sympy.core.relational import Relational

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Inequality = Relational | bool  # type checkers take `p > 1` for either
Numbers = NDArray[Any] | Sequence[Any] | float  # array_like of NumPy's kind


class Tensor(Protocol):
    """An array of another library, which says on which device it is."""

    @property
    def device(self) -> Any: ...


AnyTensor = TypeVar("AnyTensor", bound=Tensor)
