"""Every method by its name, so that whoever evaluates a risk chooses one and need not know it.

evaluate("ls", {"L": 4, "S": 5}, "a_20_15_9").value     RiskLevel.MAJOR
levels("lec", {"L": [...], "E": [...], "C": [...]})     int8 array, 0 where a method knows no colour
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.standards import exact
from anlan.standards.citing import Text
from anlan.standards.risk_grading import danger_degree, lec, ls, mes
from anlan.standards.risk_grading.scoring import Method
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

METHODS = {module.METHOD.name: module.METHOD for module in (lec, ls, mes, danger_degree)}


def method(name: str) -> Method:
    """The method of that name, or OutsideTable."""
    if name not in METHODS:
        raise OutsideTable(Text("评价方法", "method"), name, ", ".join(METHODS))
    return METHODS[name]


def evaluate(name: str, scores: Mapping[str, exact.Number], variant: str = "") -> Finding:
    """The level by a method, with its reasons. `variant` names the bounds; empty takes the method's default."""
    return method(name).evaluate(scores, variant)


def levels(name: str, scores: Mapping[str, ArrayLike], variant: str = "") -> NDArray[np.int8]:
    """The same for arrays of scores."""
    return method(name).levels(scores, variant)
