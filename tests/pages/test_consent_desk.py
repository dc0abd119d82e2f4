"""The desk of consent texts: written, measured, looked at and published, with every typed word kept."""

from __future__ import annotations

from html import unescape

import pytest
import time_machine
from django.test import Client

from openkap.records.models import DocumentDraft, DocumentVersion
from tests.at_step import at_step
from tests.integration.floor_visits import sent, visitor
from tests.people import cast

pytestmark = pytest.mark.django_db
TEXT = "/lead/consent/consent.iv/en/"


def page(client: Client, address: str, status: int = 200) -> str:
    found = client.get(address)
    assert found.status_code == status, address
    return unescape(found.content.decode())


def test_a_text_is_begun_written_measured_and_published() -> None:
    stage = at_step(cast(), "planned")
    with time_machine.travel(stage.at, tick=True):
        client = visitor(stage.people, "osric", stage.at)
        begun = page(client, "/lead/consent/")
        assert "Someone in training in a session" in begun and "Nothing is published here yet" not in begun
        theirs = page(visitor(stage.people, "mira", stage.at), "/lead/consent/")
        assert "Nothing is published here yet" in theirs and "This practice gives no doses" in theirs
        assert "Not published" not in theirs and "/lead/consent/agree.telehealth/" in theirs
        assert client.get("/lead/consent/?route=iv&way=blended")["Location"].endswith("/consent.iv.blended/")
        assert "not given in this way" in page(client, "/lead/consent/?route=im&way=infusion_only")
        assert client.post(TEXT + "begin/", sent(price="It costs $600.", state="UT")).status_code == 302
        # Whoever did not see the draft does not put another in its place.
        assert client.post(TEXT + "begin/", sent()).status_code == 422
        draft = DocumentDraft.objects.get()
        shown = page(client, TEXT)
        assert "It costs $600." in shown and "Utah Code 58-1-510" in shown and "Grade " in shown
        assert "All of it is there" in shown and "Puede decir que no" in shown
        stamp = draft.changed_at.isoformat()
        own = {"section": ["dose", "own-1"], "heading-dose": "Dose", "words-dose": "A small dose."}
        more = {"heading-own-1": "Ours", "words-own-1": "Of our own.", "covers-own-1": ["touch"]}
        asked = {"question": ["q-1"], "ask-q-1": "Well?", "choices-q-1": "Yes\r\nNo", "right-q-1": "2"}
        said = {**own, **more, **asked, "why-q-1": "So.", "after-own-1": "dose"}
        assert client.post(TEXT, sent(title="Ours", seen=stamp, **said)).status_code == 302
        draft.refresh_from_db()
        assert [each["id"] for each in draft.sections] == ["dose", "own-1"]
        assert draft.questions == [
            {"id": "q-1", "ask": "Well?", "choices": ["Yes", "No"], "right": 1, "why": "So."}
        ]
        late = client.post(TEXT, sent(title="Late words", seen=stamp, **said))
        assert late.status_code == 422 and "Late words" in late.content.decode()
        before = page(client, TEXT + "publish/")
        assert "It leaves out what it must say" in before and "1 open course signs it anew." in before
        assert stage.course.patient.name in before
        assert "hard to read" not in before
        hard = (
            "Notwithstanding considerable pharmacological unpredictability, " * 6 + "we administer ketamine."
        )
        asked_hard = {"section": ["dose"], "heading-dose": "Dose", "words-dose": hard}
        draft.refresh_from_db()
        seen = draft.changed_at.isoformat()
        assert client.post(TEXT, sent(title="Ours", seen=seen, **asked_hard)).status_code == 302
        named = page(client, TEXT + "publish/")
        assert "1 section is hard to read" in named and f'{TEXT}#s-dose">Dose</a>' in named
        assert client.post(TEXT + "publish/", sent(reason="x", seen="")).status_code == 422
        draft.refresh_from_db()
        seen = draft.changed_at.isoformat()
        assert f'name="seen-en" value="{seen}"' in client.get("/lead/consent/consent.iv/").content.decode()
        client.post(TEXT + "begin/", sent(**{"seen-en": seen}))
        assert "Of our own." not in page(client, TEXT)
        stamp = DocumentDraft.objects.get().changed_at.isoformat()
        assert client.post(TEXT + "publish/", sent(reason="Plainer", seen=stamp)).status_code == 302
        version = DocumentVersion.objects.filter(document="consent.iv", language="en").latest("version")
        assert (version.reason, len(version.questions)) == ("Plainer", 21)
        listed = page(client, "/lead/consent/consent.iv/")
        assert "Plainer" in listed and f"Version {version.version}, English" in listed
        read = page(client, f"{TEXT}{version.version}/")
        assert "May you still stop?" in read and version.sha256 in read
        assert version.sha256 in page(client, f"{TEXT}{version.version}/print/")
        page(client, f"{TEXT}99/", 404)
        page(client, "/lead/consent/consent.xx/", 404)
        page(client, "/lead/consent/consent.iv/fr/", 404)
        nurse = visitor(stage.people, "jonah", stage.at)
        page(nurse, TEXT, 404)
