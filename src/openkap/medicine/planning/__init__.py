"""Looking ahead: the window a planned dose will leave, a time that fits in it, and doses too close.

Nothing here is a clinical number: hours are the protocol's, spacing is the row `D-SPACING`.
"""

from openkap.medicine.planning.ahead import Fit, expected_window, fitting, same_clock
from openkap.medicine.planning.spacing import apart

__all__ = ["Fit", "apart", "expected_window", "fitting", "same_clock"]
