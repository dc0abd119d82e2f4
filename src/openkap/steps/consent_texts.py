"""Working on a consent text: keeping a draft, beginning it anew, publishing it.

Decided here: a draft is kept whatever it lacks, so that no typed word is lost; two editors do not overwrite
one another unseen. Publishing refuses a text that leaves out an element its route and way must have, and
names it; it refuses a question that cannot be answered, and a promise nobody can keep. How hard a text reads
refuses nothing. Who published which version, and why, stays with the version (dossier 6.1, 6.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.consent.brought import Named, brought, named
from openkap.medicine.consent.compose import Practice, Section
from openkap.medicine.consent.elements import words_in
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.consent_text import as_kept, drafted
from openkap.records.models import DocumentDraft, DocumentVersion, Organisation
from openkap.steps.consent import publish_document
from openkap.steps.frame import Refused, Stale, must, step, tell

# A page of ours never sends more; a text is read in one sitting.
MOST_SECTIONS, MOST_QUESTIONS, LONGEST = 60, 60, 20_000


@step
def keep_text(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    document: str,
    language: str,
    title: str,
    sections: Sequence[Section],
    questions: Sequence[Mapping[str, Any]],
    seen: str = "",
    submission: UUID | None = None,
) -> DocumentDraft:
    """Keep what stands in the form as the draft. `seen`: the stamp of the draft that it was made from."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    known = _known(document)
    too_long = any(len(each.words) > LONGEST for each in sections)
    if len(sections) > MOST_SECTIONS or len(questions) > MOST_QUESTIONS or too_long:
        raise Refused(_("This is too long for one text. Nothing was kept."))
    row = _draft(organisation, known, language)
    if row is not None and row.changed_at.isoformat() != seen:
        raise Stale(
            _("%(name)s changed this draft after you opened it. Your words are still here; theirs are kept.")
            % {"name": row.by_name}
        )
    words = {
        "title": _plain(title)[:200],
        "sections": [_cut(each) for each in as_kept(sections)],
        "questions": [dict(each) for each in questions],
        "by_name": by.name[:200],
        "changed_at": at,
    }
    return _write(by, at, organisation, known, language, row, words)


@step
def begin_text(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    document: str,
    language: str,
    on: date,
    practice: Practice,
    seen: str | None = None,
    submission: UUID | None = None,
) -> DocumentDraft:
    """Begin the draft from the library's words for this practice, in place of any draft there is. `seen`: the
    stamp of the draft that the page showed, blank for none. Raises Refused, or Stale where it is another."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    known = _known(document)
    found = brought(known.name, language, on, practice)
    if found is None:
        raise Refused(_("There is no document %(name)s in this language.") % {"name": document})
    row = _draft(organisation, known, language)
    if row is not None and seen is not None and row.changed_at.isoformat() != seen:
        raise Stale(
            _("%(name)s changed this draft after you opened this page. Look at it again.")
            % {"name": row.by_name}
        )
    words = {
        "title": found.title,
        "sections": as_kept(found.sections),
        "questions": [question.kept() for question in found.questions],
        "by_name": by.name[:200],
        "changed_at": at,
    }
    return _write(by, at, organisation, known, language, row, words)


@step
def publish_text(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    document: str,
    language: str,
    reason: str,
    seen: str,
    submission: UUID | None = None,
) -> DocumentVersion:
    """Publish the draft as the next version. Raises Refused, naming what is missing, or Stale."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    known = _known(document)
    row = _draft(organisation, known, language)
    if row is None:
        raise Refused(_("There is no draft to publish. Keep one first."))
    if row.changed_at.isoformat() != seen:
        raise Stale(
            _("%(name)s changed this draft after you opened this page. Look at it again.")
            % {"name": row.by_name}
        )
    text = drafted(row)
    lacking = known.missing(text.covers)
    if lacking:
        headings = ", ".join(words_in("en")[element.id].heading for element in lacking)
        raise Refused(
            _(
                "Not published. The text leaves out what it must say: %(elements)s. Write it, or mark where "
                "it is."
            )
            % {"elements": headings}
        )
    if wrong := unsound(text.questions):
        raise Refused(wrong)
    if not reason.strip():
        raise Refused(_("Say why it is published. It stays with the version."), field="reason")
    return publish_document(
        by=by,
        at=at,
        organisation=organisation,
        document=known.name,
        title=text.title,
        text=text.text,
        language=language,
        elements=text.covers,
        questions=text.questions,
        way=known.way,
        state_law=text.state_law,
        reason=reason,
    )


def unsound(questions: Sequence[Mapping[str, Any]]) -> str:
    """Why these questions cannot be asked; blank where they can."""
    for question in questions:
        if len(question["choices"]) < 2:
            return _("This question has fewer than two answers to choose from: %(ask)s") % question
        if not 0 <= question["right"] < len(question["choices"]):
            return _("Say which answer is the right one: %(ask)s") % question
        if not question["why"].strip():
            return _("Say in a sentence why the right answer is right: %(ask)s") % question
    return ""


def _known(document: str) -> Named:
    found = named(document)
    if found is None:
        raise Refused(_("There is no document of this name."))
    return found


def _draft(organisation: Organisation, known: Named, language: str) -> DocumentDraft | None:
    rows = DocumentDraft.objects.select_for_update()
    return rows.filter(organisation=organisation, document=known.name, language=language).first()


def _write(
    by: Actor,
    at: datetime,
    organisation: Organisation,
    known: Named,
    language: str,
    row: DocumentDraft | None,
    words: Mapping[str, Any],
) -> DocumentDraft:
    if row is None:
        row = DocumentDraft.objects.create(
            organisation=organisation, document=known.name, language=language, **words
        )
        tell(by, "document.drafted", row, at=at)
        return row
    for name, value in words.items():
        setattr(row, name, value)
    row.save()
    tell(by, "document.drafted", row, at=at)
    return row


def _cut(section: dict[str, Any]) -> dict[str, Any]:
    return {
        **section,
        "heading": _plain(section["heading"])[:200],
        "words": _plain(section["words"])[:LONGEST],
    }


def _plain(text: str) -> str:
    """One kind of line end, and no zero that came along with what was pasted."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
