"""What no consent document may promise, refused with the reason.

Decided here: a text that makes a promise of the list in `library/evidence/promises.toml` is not published;
the refusal names the words, why, and what can be said instead (dossier section 0, row 0.5).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.medicine.promises import promises_found
from openkap.steps.frame import Refused


def refuse_promises(text: str, language: str) -> None:
    """Refuse a text with a promise nobody can keep, naming each."""
    found = promises_found(text, language)
    if found:
        said = " ".join(
            _("“%(words)s”: %(why)s %(instead)s")
            % {"words": each.words, "why": each.promise.why, "instead": each.promise.instead}
            for each in found
        )
        raise Refused(_("Not published. This promises what nobody can promise.") + " " + said, field="text")
