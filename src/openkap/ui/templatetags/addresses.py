"""`{% url %}` for the addresses that stand on a page by the dozen, each with the id of another row.

Decided here: the framework looks for an address anew each time, by every pattern of that name. Here it is
looked for once for a name and the kinds of its values, with marks that stand for them; the marks are then
replaced. Only ids and plain words are put in so; whatever else is asked for, the framework's own tag says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as plain_url
from django.urls import NoReverseMatch, reverse

register = template.Library()

MARKS: tuple[dict[type, Any], ...] = tuple(
    {UUID: UUID(int=(0xF0F0 << 64) + n), str: f"openkap_mark_{n}"} for n in range(3)
)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """As ever, and quicker where it can be."""
    node = plain_url(parser, token)
    if node.kwargs or node.asvar or not 0 < len(node.args) <= len(MARKS):
        return node
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


class Address(URLNode):
    """An address whose every value is an id or a plain word; any other is left to the framework."""

    def render(self, context: template.Context) -> str:
        values = [value.resolve(context) for value in self.args]
        kinds = tuple(map(_kind, values))
        marked = _marked(self.view_name.resolve(context), kinds) if None not in kinds else None
        if marked is None:
            return str(super().render(context))
        for mark, kind, value in zip(MARKS, kinds, values, strict=False):
            marked = marked.replace(str(mark[kind]), str(value))  # type: ignore[index]
        return marked


def _kind(value: object) -> type | None:
    if isinstance(value, UUID):
        return UUID
    return str if isinstance(value, str) and value.isascii() and value.isidentifier() else None


@lru_cache(1000)
def _marked(name: str, kinds: tuple[type, ...]) -> str | None:
    """The address with marks in place of values; None where it cannot be said so."""
    marks = [mark[kind] for mark, kind in zip(MARKS, kinds, strict=False)]
    try:
        found = reverse(name, args=marks)
    except NoReverseMatch:
        return None
    return found if all(found.count(str(mark)) == 1 for mark in marks) else None
