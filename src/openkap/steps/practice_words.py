"""Words that are kept for the practice: in the language its desks are read in, whoever caused them.

Decided here: a patient's page speaks the patient's language, and what a step writes down there for the staff
does not (docs/adr/0032-spanish-and-the-phone.md). Steps that a patient can set going
take their tasks' words from here.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, override


def for_practice(words: str) -> str:
    """`words` as the practice reads them, in its own language and not the asker's."""
    with override(settings.LANGUAGE_CODE):
        return gettext(words)
