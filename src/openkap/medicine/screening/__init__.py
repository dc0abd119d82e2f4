"""Candidacy: what speaks for or against dosing this person by this route."""

from openkap.medicine.screening.case import ROUTES, BadCase, Case, Lab, Vitals, read_case
from openkap.medicine.screening.questions import Question, System, history, questions
from openkap.medicine.screening.screen import Screened, screen

__all__ = [
    "ROUTES",
    "BadCase",
    "Case",
    "Lab",
    "Question",
    "Screened",
    "System",
    "Vitals",
    "history",
    "questions",
    "read_case",
    "screen",
]
