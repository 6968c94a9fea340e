# The public names and where each is defined: `__init__.py` loads them by this file, and type checkers read it.
from . import catalog as catalog
from . import experiments as experiments
from . import losses as losses
from . import optimizers as optimizers
from . import solvers as solvers
from .auditing.estimators import audit_estimator as audit_estimator
from .auditing.first_order import audit as audit
from .errors import ImproperPriorError as ImproperPriorError
from .errors import UndecidedError as UndecidedError
from .optimality import zero_test as zero_test
from .penalty import Penalty as Penalty
from .penalty import w as w
from .prior import Prior as Prior

__version__: str
