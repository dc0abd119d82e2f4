"""How what stands behind a finding is said: why it is asked, its sources, how sure, who may go ahead.

Decided here: only words. A source is resolved to its text wherever a finding folds open, so that a key is
never all that is shown; one that is already resolved is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from openkap.medicine.rules import library
from openkap.medicine.sources import bibliography
from openkap.reads.findings import confidence_words, who_may
from openkap.reads.source_list import keys_by_rule

register = template.Library()


@register.filter
def sources(keys: Iterable[Any]) -> list[Any]:
    """Each source with its key and text."""
    return [bibliography().get(key, key) if isinstance(key, str) else key for key in keys]


@register.filter
def keys_of(rule: str) -> tuple[str, ...]:
    """The keys that this rule rests on, for `c-sources`; none for what is no rule."""
    return keys_by_rule().get(rule, ())


@register.filter
def reason(rule: str) -> str:
    """Why this rule is asked at all; blank where its row does not say."""
    try:
        return str(library().rule(rule).words.get("why", ""))
    except KeyError:
        return ""


@register.filter
def sure(letter: str) -> str:
    return confidence_words(letter)


@register.filter
def may_go_ahead(role: str) -> str:
    return who_may(role) or str(role)


@register.filter
def looked_at(data: Any) -> str:
    """What a rule looked at, in one line: names and values, or words that are made already."""
    if not isinstance(data, Mapping):
        return str(data)
    said = ((name.replace("_", " "), value) for name, value in data.items() if value not in (None, "", ()))
    return ", ".join(f"{name}: {_value(value)}" for name, value in said)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value:%H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value).replace("_", " ")
