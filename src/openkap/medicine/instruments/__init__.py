"""Questionnaires: what they ask, what the answers say, and whether a change is real."""

from openkap.medicine.instruments.change import Change, Ruling, change
from openkap.medicine.instruments.instrument import Answer, Answers, Instrument, Option, Text
from openkap.medicine.instruments.pack import UnknownInstrument, instrument, instrument_ids, text
from openkap.medicine.instruments.scoring import Alert, BadAnswer, Score, score

__all__ = [
    "Alert",
    "Answer",
    "Answers",
    "BadAnswer",
    "Change",
    "Instrument",
    "Option",
    "Ruling",
    "Score",
    "Text",
    "UnknownInstrument",
    "change",
    "instrument",
    "instrument_ids",
    "score",
    "text",
]
