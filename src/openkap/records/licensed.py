"""The practice's own licensed words of questionnaires: taken from the folder that the settings name.

Decided here: a pack that does not fit is left out and told, in the log and by `openkap check`. It stops
nothing, since its form can still be filled in by its numbers.
"""

from __future__ import annotations

import logging

from django.conf import settings

from openkap.medicine.instruments.text_pack import Taken, take_local


def take_words() -> Taken:
    """Read the folder and lay its words over the library's. Doing it twice is the same as once."""
    taken = take_local(settings.TEXT_PACKS)
    for why in taken.refused:
        logging.getLogger(__name__).warning("Words were not taken: %s", why)
    return taken
