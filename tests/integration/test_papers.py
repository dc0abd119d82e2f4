"""Papers of a patient: told by their bytes, kept once, opened so that nothing in them runs, put right."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openkap.reads.papers import papers_of
from openkap.records.models import DocumentContent, Event, Result, UploadedDocument
from openkap.steps.correct import correct, withdraw
from openkap.steps.documents import MOST_BYTES, Taken, take_document
from openkap.steps.evaluation import Measured, note_result
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.sniff import sniff
from tests.at_step import at_step
from tests.integration.clinic_desk import ZONE, asked, reach, visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /OpenAction << /S /JavaScript >> >>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
TEXT = b"The heart is well.\nDr Ibarra\n"


def take(people: Cast, content: bytes = PDF, by: str = "tamsin", name: str = "ecg.pdf", **more: str) -> Taken:
    return take_document(
        by=people.by(by),
        at=NOW,
        file=people.file("wren"),
        what=more.pop("what", "ecg"),
        of=NOW,
        file_name=name,
        content=content,
        **more,
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (TEXT, "text/plain"),
        ("Größe 1,70 m".encode(), "text/plain"),
        (b"<!DOCTYPE html><script>alert(1)</script>", None),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04", None),
        (b"GIF89a", "text/plain"),
        (b"text with a \x00 in it", None),
        (b"\xff\xfe\x41\x00", None),
        (b"", None),
    ],
)
def test_what_a_file_is_its_bytes_say(content: bytes, kind: str | None) -> None:
    assert sniff(content) == kind


def test_the_same_file_twice_is_once_and_accepted_means_kept(people: Cast) -> None:
    first, second = take(people), take(people, name="again.pdf")
    assert not first.again and second.again and second.document == first.document
    assert bytes(DocumentContent.objects.get().content) == PDF
    assert Event.objects.filter(verb="document.taken").count() == 1


def test_withdrawn_it_can_be_taken_in_again_over_the_same_bytes(people: Cast) -> None:
    first = take(people).document
    withdraw(by=people.by("tamsin"), at=NOW, row=first, reason="Another patient's")
    assert papers_of(reach(people, "tamsin", NOW), people["wren"].id, people.clinic.id, ZONE) == ()
    assert not take(people).again
    assert DocumentContent.objects.count() == 1


def test_a_title_is_put_right_and_the_bytes_stay(people: Cast) -> None:
    row = take(people).document
    new = correct(
        by=people.by("jonah"),
        at=NOW,
        row=row,
        reason="Wrong kind",
        changes={"what": "letter", "title": "Heart"},
    )
    assert (new.content_id, new.title, new.what) == (row.content_id, "Heart", "letter")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"MZ\x90\x00", "not a PDF, PNG, JPEG or plain text"),
        (b"%PDF-" + bytes(MOST_BYTES), "over 10 MB"),
    ],
)
def test_what_cannot_be_taken_in_says_why(people: Cast, content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        take(people, content)
    assert not DocumentContent.objects.exists()


@pytest.mark.parametrize("who", ["odette", "priya", "mira"])
def test_only_who_may_write_clinical_facts_takes_a_paper_in(people: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        take(people, by=who)


def test_nothing_in_a_paper_can_run_here(people: Cast) -> None:
    papers = {
        kind: take(people, content, name=f'a"b\r\n.{kind}').document for kind, content in BY_KIND.items()
    }
    with visiting("tamsin", NOW) as page:
        for kind, row in papers.items():
            reply = page.get(f"/care/papers/{row.id}/")
            assert reply.status_code == 200 and reply.content == BY_KIND[kind]
            assert "sandbox" in reply.headers["Content-Security-Policy"]
            assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
            assert reply.headers["Cache-Control"] == "no-store"
            shown = reply.headers["Content-Disposition"].split(";")[0]
            assert shown == ("attachment" if kind == "pdf" else "inline")
    with visiting("mira", NOW) as page:
        assert page.get(f"/care/papers/{row.id}/").status_code == 404
    assert Event.objects.filter(verb="opened.paper").count() == len(papers)


BY_KIND = {"pdf": PDF, "png": PNG, "jpg": JPEG, "txt": TEXT}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    # What the browser calls it is not believed.
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_file_too_large_keeps_the_form_and_says_so(people: Cast) -> None:
    address = f"/care/patients/{people.file('wren').id}/papers/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        typed = {
            "submission": page.hidden("submission"),
            "what": "ecg",
            "on": "2027-03-01",
            "title": "ECG at rest",
        }
        reply = page.post(address, {**typed, "upload": upload("big.pdf", PDF + bytes(MOST_BYTES))})
        assert reply.status_code == 422 and "over 10 MB" in page.page
        assert 'value="ECG at rest"' in page.page and 'value="2027-03-01"' in page.page
        sent = {**typed, "submission": page.hidden("submission"), "upload": upload("ecg.html", PDF)}
        assert page.post(address, sent).status_code == 302
        page.get(address)
        assert "ECG at rest" in page.page and "PDF" in page.page
        again = {**typed, "submission": page.hidden("submission"), "upload": upload("ecg.pdf", PDF)}
        assert page.post(address, again).status_code == 302
        page.get(address)
        assert "It was not taken in twice" in page.page
    assert UploadedDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"on": "2027-03-10"}, "still to come"),
        ({"on": "soon"}, "Write the date"),
        ({"on": "0001-01-01"}, "cannot be right"),
        ({"upload": upload("page.pdf", b"<html>")}, "not a PDF, PNG, JPEG or plain text"),
        ({"upload": upload("none.pdf", b"")}, "The file is empty"),
    ],
)
def test_a_paper_that_is_not_one_keeps_what_was_typed(people: Cast, typed, says: str) -> None:  # type: ignore[no-untyped-def]
    address = f"/care/patients/{people.file('wren').id}/papers/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        sent = {
            "submission": page.hidden("submission"),
            "what": "letter",
            "on": "2027-03-01",
            "title": "From her doctor",
            "upload": upload("letter.txt", TEXT),
            **typed,
        }
        assert page.post(address, sent).status_code == 422
        assert says in page.page and 'value="From her doctor"' in page.page
    assert not UploadedDocument.objects.exists()


def test_a_result_points_at_its_paper(people: Cast) -> None:
    course = at_step(people, "opened").course
    paper = take(people).document
    note_result(
        by=people.by("tamsin"), at=NOW, course=course, result=Measured("ecg", "normal", "", NOW, paper)
    )
    assert Result.objects.get().document == paper
    with visiting("tamsin", NOW) as page:
        page.get(f"/care/courses/{course.id}/evaluation/")
        assert f"/care/papers/{paper.id}/" in page.page


def test_the_papers_take_one_question_and_leave_the_bytes(people: Cast) -> None:
    for n in range(6):
        take(people, TEXT + str(n).encode())
    scope = reach(people, "tamsin", NOW)
    shown, count = asked(lambda: papers_of(scope, people["wren"].id, people.clinic.id, ZONE))
    assert len(shown) == 6 and count == 1
