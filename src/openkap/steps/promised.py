"""What no published text may promise: refused, with the words that do, the reason and what may be said.

Decided here: one refusal for every text a practice publishes: its public page, its consent, its cards. What a
promise is, is `medicine.promises`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openkap.medicine.promises import Found, promises_found
from openkap.medicine.sources import resolve
from openkap.steps.frame import Refused


def refuse_promises(texts: Mapping[str, str]) -> None:
    """Refuse texts, by field, that promise what nobody may, in whatever language a sentence of them is."""
    found = {name: promises_found(text) for name, text in texts.items()}
    each = {name: " ".join(map(promised_words, some)) for name, some in found.items() if some}
    if each:
        raise Refused(next(iter(each.values())), field=next(iter(each)), each=each)


def promised_words(found: Found) -> str:
    """Why these words are refused, and what may be said instead, in the reader's language."""
    spanish = (get_language() or "").startswith("es")
    promise = found.promise
    return _(
        "Not published: “%(words)s” promises more than is known. %(why)s %(instead)s To say that it is not "
        "so, say it in the same sentence: “It is not a cure.” Source: %(keys)s."
    ) % {
        "words": found.words,
        "why": promise.why_es if spanish else promise.why,
        "instead": promise.instead_es if spanish else promise.instead,
        "keys": "; ".join(resolve(key).cited for key in promise.sources[:1]),
    }
