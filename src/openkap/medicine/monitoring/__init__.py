"""Watching over a dose: due checks, prompts by episode, and going home.

`Monitor` takes readings one at a time; `watch` a whole recording; `due_checks` says what is owed now.
"""

from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.line import Line, Sign, Summary
from openkap.medicine.monitoring.monitor import Monitor, watch
from openkap.medicine.monitoring.reading import Baseline, Reading
from openkap.medicine.monitoring.schedule import CheckState, DueCheck, Schedule, due_checks, look_again

__all__ = [
    "Baseline", "CheckState", "DueCheck", "Line", "Monitor", "Reading", "Schedule", "Sign", "Summary",
    "Unusable", "due_checks", "look_again", "watch",
]  # fmt: skip
