"""Change over time with everyone counted, those who left early too: a straight line for each person.

Decided here: which model. Scores on time, with an intercept and, where asked, a slope of each person's own,
by restricted maximum likelihood; right where those who left are predicted by what was seen of them. It says
nothing of why. statsmodels works it out, asked for only here.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

Reading = tuple[object, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """The line of the group, and how people differ around it. Errors are standard errors.

    `minus_two_log_likelihood` is of the restricted likelihood. `r` is None without slopes.
    """

    readings: int
    people: int
    intercept: float
    intercept_error: float
    slope: float
    slope_error: float
    sd_intercept: float
    sd_slope: float | None
    r: float | None
    residual_variance: float
    minus_two_log_likelihood: float


def line_over_time(readings: Sequence[Reading], *, own_slopes: bool = True) -> Line:
    """`readings` are person, time, score. Raises `ValueError` with fewer than three people or two times."""
    import numpy as np
    from statsmodels.regression.mixed_linear_model import MixedLM
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    people = {person for person, _, _ in readings}
    if len(people) < 3 or len({time for _, time, _ in readings}) < 2:
        raise ValueError("A line over time needs at least three people and two times.")
    design = np.array([[1.0, time] for _, time, _ in readings])
    groups = [str(person) for person, _, _ in readings]
    scores = np.array([score for _, _, score in readings])
    model = MixedLM(scores, design, groups=groups, exog_re=design if own_slopes else design[:, :1])
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = model.fit(reml=True, method=["lbfgs", "bfgs", "powell"])
        except ConvergenceWarning:
            raise ValueError("The model does not settle on these readings: they are too few.") from None
    own = np.asarray(fit.cov_re)
    slopes = math.sqrt(own[1, 1]) if own_slopes else None
    between = math.sqrt(own[0, 0])
    return Line(
        readings=len(readings),
        people=len(people),
        intercept=float(fit.fe_params[0]),
        intercept_error=float(fit.bse_fe[0]),
        slope=float(fit.fe_params[1]),
        slope_error=float(fit.bse_fe[1]),
        sd_intercept=between,
        sd_slope=slopes,
        r=float(own[0, 1]) / (between * slopes) if slopes else None,
        residual_variance=float(fit.scale),
        minus_two_log_likelihood=-2 * float(fit.llf),
    )
