"""Boxes and lists of choices as HTML: what the framework's own templates say, said at once.

Decided here: a page of a desk has dozens of boxes, most of them hidden, and a template takes longer over one
than over all that it says. Whatever is neither a box nor a list of choices is left to the templates; a test
holds both alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

PLACE = "django/forms/widgets/{}.html"
BOXES = "text hidden number email password date datetime time search tel checkbox"


class Widgets(DjangoTemplates):
    """FORM_RENDERER of the settings."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        said = QUICK.get(template_name)
        return (
            said(context["widget"]) if said is not None else super().render(template_name, context, request)
        )


def _said(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attributes(attrs: Mapping[str, object]) -> str:
    named = ((conditional_escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_said(value)}"' for name, value in named)


def _box(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_said(widget["value"])}"'
    head = f'<input type="{_said(widget["type"])}" name="{_said(widget["name"])}"'
    return mark_safe(f"{head}{value}{_attributes(widget['attrs'])}>")  # noqa: S308 every word is escaped


def _choices(widget: Mapping[str, Any]) -> SafeString:
    said = [f'<select name="{_said(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _place in widget["optgroups"]:
        said.append(f'\n  <optgroup label="{_said(name)}">' if name else "")
        said += [f"\n  {_choice(option)}" for option in options]
        said.append("\n  </optgroup>" if name else "")
    return mark_safe("".join([*said, "\n</select>"]))  # noqa: S308 every word is escaped


def _choice(option: Mapping[str, Any]) -> str:
    head = f'<option value="{_said(option["value"])}"{_attributes(option["attrs"])}>'
    return f"{head}{_said(option['label'])}</option>"


QUICK: Mapping[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{PLACE.format(name): _box for name in BOXES.split()},
    PLACE.format("select"): _choices,
}
