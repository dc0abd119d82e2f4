"""Questionnaires: what they ask, what the answers say, and whether a change is real."""

from openkap.medicine.instruments.alerts import Alert
from openkap.medicine.instruments.answers import BadAnswer
from openkap.medicine.instruments.change import Change, Ruling, change
from openkap.medicine.instruments.instrument import Answer, Answers, Instrument
from openkap.medicine.instruments.pack import UnknownInstrument, instrument, instrument_ids
from openkap.medicine.instruments.scoring import Score, score, score_entered
from openkap.medicine.instruments.text_pack import Option, Text, text

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
    "score_entered",
    "text",
]
