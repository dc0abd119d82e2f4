"""The kit as it is written: no inline style or script, real icons, labels, and words through gettext."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

import openkap.ui
from openkap.ui import kit
from openkap.ui.templatetags import ui

FOLDER = Path(openkap.ui.__file__).parent
ICONS = {
    line.strip()
    for line in (FOLDER / "icons.txt").read_text().splitlines()
    if line and not line.startswith("#")
}

PAGES: dict[str, Callable[[], str]] = {
    "day": lambda: render_to_string("kit.html", kit.context("day")),
    "room": lambda: render_to_string("kit.html", kit.context("room")),
    "phone": lambda: render_to_string("kit_phone.html", kit.phone_context("home")),
    "question": lambda: render_to_string("kit_phone.html", kit.phone_context("question")),
    "sharing": lambda: render_to_string("kit_phone.html", kit.phone_context("sharing")),
    "live": lambda: render_to_string("kit_room.html", kit.room_context("live")),
    "going home": lambda: render_to_string("kit_room.html", kit.room_context("home", "day")),
    **{
        f"error {name}": lambda name=name: render_to_string(  # type: ignore[misc]
            f"errors/{name}.html",
            {"kept": [("note", "Two\nlines & <b>")], "action": "/here", "site": kit.site()},
        )
        for name in ("400", "403", "404", "429", "500", "503", "stale")
    },
}


class Page(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return Page(PAGES[request.param]())


def test_nothing_the_content_policy_forbids(page: Page) -> None:
    for tag, attrs in page.elements:
        assert "style" not in attrs, (tag, attrs)
        assert not any(name.startswith(("on", "hx-on")) for name in attrs), (tag, attrs)
        assert tag != "style"
        assert tag != "script" or attrs.get("src"), attrs


def test_every_icon_is_in_the_list(page: Page) -> None:
    used = {attrs["href"].partition("#")[2] for tag, attrs in page.elements if tag == "use"}
    assert used <= ICONS


def test_ids_are_unique_and_references_resolve(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set(attrs.get(name, "").split()) <= set(ids), attrs


def test_every_form_that_changes_something_is_a_post(page: Page) -> None:
    for tag, attrs in page.elements:
        if tag == "form" and attrs.get("action"):
            assert attrs.get("method", "get") == "post" or attrs.get("role") == "search", attrs


def test_the_page_says_its_language(page: Page) -> None:
    assert page.elements[0][1]["lang"]


@pytest.mark.parametrize("name", ["phone", "question", "sharing", "error 404", "error 503", "error 500"])
def test_help_in_a_crisis_is_always_there(name: str) -> None:
    html = PAGES[name]()
    assert 'href="tel:988"' in html
    assert 'href="sms:988"' in html
    assert 'href="#crisis"' in html


def test_the_demonstration_says_so_on_every_page() -> None:
    assert "Demonstration site. Invented people." in PAGES["phone"]()
    assert "Demonstration site. Invented people." in PAGES["error 404"]()


def test_what_was_typed_is_offered_again_unharmed() -> None:
    html = PAGES["error 503"]()
    assert '<textarea name="note" hidden>Two\nlines &amp; &lt;b&gt;</textarea>' in html
    assert "What you typed is kept on this page" in html


def test_unknown_is_never_shown_as_clear() -> None:
    html = render_to_string("kit.html", kit.context())
    assert "Allergies not asked" in html
    assert "Birth date not known" in html
    assert ui.look("") == ui.look("something new") == "unknown"


def test_a_hold_wears_the_shape_of_caution() -> None:
    assert [ui.look(level) for level in ("clear", "caution", "hold", "stop", "unknown")] == [
        "clear",
        "caution",
        "caution",
        "stop",
        "unknown",
    ]


def test_page_words_come_from_messages() -> None:
    """Outside the kit pages, no template has an English sentence outside a translation tag."""
    sentence = re.compile(r">\s*[A-Z][a-z]+(?: [a-z]+){2,}")
    for path in (FOLDER / "templates").rglob("*.html"):
        if path.name.startswith("kit"):
            continue
        plain = re.sub(
            r"\{% blocktrans.*?endblocktrans %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}",
            "",
            path.read_text(),
            flags=re.DOTALL,
        )
        assert sentence.findall(plain) == [], path.name


@pytest.mark.parametrize(
    ("value", "said"),
    [("35.00", "35"), ("0.50", "0.5"), ("100", "100"), (None, "Not known"), ("", "Not known")],
)
def test_doses_show_no_trailing_zero(value: Any, said: str) -> None:
    assert ui.short_number(value) == said


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ("undo=/steps/1/undo success", "/steps/1/undo"),
        ("success", ""),
        ("undo=https://elsewhere.example/x", ""),
        ("undo=//elsewhere.example", ""),
    ],
)
def test_undo_goes_to_this_site_only(tags: str, address: str) -> None:
    assert ui.undo_address(tags) == address


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 minute"), (119, "119 minutes"), (120, "2 hours"), (2760, "46 hours")]
)
def test_time_left_in_words(minutes: int, said: str) -> None:
    with translation.override("en"):
        assert ui.time_left(minutes) == said


def test_initials_and_lists() -> None:
    assert [ui.initials(name) for name in ("Wren Alderbrook", "Ib", "", "Ana Maria de la Cruz")] == [
        "WA",
        "I",
        "",
        "AC",
    ]
    assert ui.listed(["a", "b", "c"]) == "a, b and c"
    assert ui.listed(None) == ""


def test_a_phone_in_spanish_says_its_language_and_its_help() -> None:
    with translation.override("es"):
        html = PAGES["phone"]()
    assert '<html lang="es"' in html
    assert "Ayuda en una crisis" in html
    assert "Llame al 988" in html
    assert "La ventana es una meta de la atención." in html


def test_spanish_leaves_nothing_of_the_kit_in_english() -> None:
    catalog = (FOLDER / "locale" / "es" / "LC_MESSAGES" / "django.po").read_text()
    assert "#, fuzzy" not in catalog
    entries = re.split(r"\n\n", catalog)[1:]
    empty = [entry for entry in entries if re.search(r'msgstr(?:\[\d\])? ""\s*(?:\n(?!")|$)', entry)]
    assert empty == []


def test_spanish_keeps_every_placeholder() -> None:
    catalog = (FOLDER / "locale" / "es" / "LC_MESSAGES" / "django.po").read_text()
    for entry in re.split(r"\n\n", catalog)[1:]:
        said, _, translated = entry.partition("\nmsgstr")
        wanted = set(re.findall(r"%\((\w+)\)", said))
        assert wanted == set(re.findall(r"%\((\w+)\)", translated)), entry
