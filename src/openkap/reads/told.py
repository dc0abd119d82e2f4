"""Events of the trail in words: what was opened, done or tried.

Decided here: a verb of the trail is said as a person would, and one that has no words yet is shown as it
is kept, never left out.
"""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.records.models import Event

PAGES = {
    "ask_to_share": gettext_noop("Asking the patient to share"),
    "book": gettext_noop("Booking a dose"),
    "call": gettext_noop("The call on the day after"),
    "chart": gettext_noop("The chart"),
    "consent": gettext_noop("The consent"),
    "consent_paper": gettext_noop("The signed consent, on paper"),
    "contact": gettext_noop("How to reach the patient"),
    "correction": gettext_noop("One entry, to correct it"),
    "course_paper": gettext_noop("The course, on paper"),
    "document": gettext_noop("A signed document"),
    "documents": gettext_noop("The signed documents"),
    "ending": gettext_noop("How the course stands, and ending it"),
    "evaluation": gettext_noop("The evaluation"),
    "form": gettext_noop("A form"),
    "forms": gettext_noop("The forms to answer"),
    "gate": gettext_noop("Ready for the dose"),
    "hold": gettext_noop("Planning a session"),
    "home": gettext_noop("Going home"),
    "in_room": gettext_noop("A form, answered in the room"),
    "journal": gettext_noop("The journal"),
    "journal_entry": gettext_noop("A journal entry that was shown"),
    "journal_text": gettext_noop("The journal, as text"),
    "lists": gettext_noop("Medicines and allergies"),
    "looked": gettext_noop("Who has looked"),
    "measures": gettext_noop("The scores"),
    "morning": gettext_noop("The questions of the morning"),
    "note": gettext_noop("A session note"),
    "order": gettext_noop("The order"),
    "outcome": gettext_noop("The scores"),
    "own_home": gettext_noop("Their own first page"),
    "own_preparation": gettext_noop("What they prepared"),
    "paper": gettext_noop("A paper of the record"),
    "papers": gettext_noop("The papers of the record"),
    "patient": gettext_noop("The patient's page"),
    "practice": gettext_noop("The therapist's page of this patient"),
    "preparation": gettext_noop("The preparation"),
    "process": gettext_noop("Their own process notes"),
    "proposal": gettext_noop("A proposed time"),
    "reach": gettext_noop("How to reach someone"),
    "request": gettext_noop("A request for an evaluation"),
    "room": gettext_noop("The dosing room"),
    "rooms": gettext_noop("All rooms"),
    "safety": gettext_noop("What helps them when it gets hard"),
    "session": gettext_noop("One session"),
    "sessions": gettext_noop("Their sessions"),
    "sharing": gettext_noop("What is shared"),
    "shown": gettext_noop("What their practice was shown"),
    "small_things": gettext_noop("The small things"),
    "spoken_no": gettext_noop("What was said about the consent"),
    "summary": gettext_noop("A session summary"),
    "vitals": gettext_noop("The vitals of a session"),
}
VERBS = {
    "invitation.accepted": gettext_noop("Joined a course"),
    "invitation.approved": gettext_noop("Agreed to share when asked"),
    "invitation.asked": gettext_noop("Asked the patient to share"),
    "invitation.closed_by_wrong_codes": gettext_noop("An invitation was closed by wrong codes"),
    "invitation.declined": gettext_noop("Was not able to join"),
    "invitation.ended": gettext_noop("Took an invitation back"),
    "invitation.sent": gettext_noop("Sent an invitation"),
    "license.checked": gettext_noop("Looked at a license"),
    "allergy.noted": gettext_noop("Noted an allergy"),
    "arrived.code": gettext_noop("Signed in with a code"),
    "arrived.hat": gettext_noop("Changed as whom they act"),
    "arrived.link": gettext_noop("Signed in with a link"),
    "arrived.password": gettext_noop("Signed in"),
    "arrived.persona": gettext_noop("Signed in as a demonstration person"),
    "arrived.unlock.code": gettext_noop("Opened the lock with a code"),
    "arrived.unlock.password": gettext_noop("Opened the lock"),
    "arrived.unlock.persona": gettext_noop("Opened the lock as a demonstration person"),
    "call.not_reached": gettext_noop("Called the day after, and reached nobody"),
    "call.reached": gettext_noop("Called the day after"),
    "code.redeemed.sign_in": gettext_noop("Used a code to sign in"),
    "consent.declined": gettext_noop("Said no to the consent for now"),
    "consent.signed": gettext_noop("Signed the consent"),
    "consent.spoken_no": gettext_noop("Wrote down a no that was said aloud"),
    "consent.taken_back": gettext_noop("Took the consent back"),
    "contact.changed": gettext_noop("Changed how to reach the patient"),
    "course.joined": gettext_noop("Took part in the course"),
    "course.left": gettext_noop("Left the course"),
    "course.opened": gettext_noop("Opened a course"),
    "decision.candidate": gettext_noop("Signed: candidate, with a plan"),
    "decision.not_candidate": gettext_noop("Signed: not a candidate"),
    "decision.not_now": gettext_noop("Signed: not now"),
    "document.published": gettext_noop("Published a document"),
    "dose.drawn": gettext_noop("Prepared the dose"),
    "dose.ended": gettext_noop("Ended the dose"),
    "dose.hold_ended": gettext_noop("Wrote down the end of a hold"),
    "dose.part_given": gettext_noop("Gave a part of the dose"),
    "dose.paused": gettext_noop("Paused the dose"),
    "dose.resumed": gettext_noop("Went on with the dose"),
    "dose.started": gettext_noop("Started the dose"),
    "dose.stopped": gettext_noop("Stopped the dose early"),
    "draft.begun": gettext_noop("Began a draft"),
    "draft.discarded": gettext_noop("Threw a draft away"),
    "escort.named": gettext_noop("Named who takes the patient home"),
    "escort.said_yes": gettext_noop("The escort said yes"),
    "evaluation.answered": gettext_noop("Wrote an answer of the evaluation"),
    "evaluation.kept": gettext_noop("Saved the evaluation"),
    "file.opened": gettext_noop("Opened a file for a new patient"),
    "form.answered": gettext_noop("Answered a form"),
    "journal.shared": gettext_noop("Showed a journal entry to someone"),
    "journal.taken_back": gettext_noop("Took a journal entry back"),
    "journal.written": gettext_noop("Wrote in the journal"),
    "language.chosen": gettext_noop("Chose a language"),
    "left.idle": gettext_noop("Locked, nobody was there"),
    "left.locked": gettext_noop("Locked the screen"),
    "left.signed_out": gettext_noop("Signed out"),
    "link.done": gettext_noop("Finished with a link"),
    "link.missed": gettext_noop("Tried a link that does not open"),
    "link.redeemed.consent": gettext_noop("Opened a link to sign"),
    "link.redeemed.measure": gettext_noop("Opened a link to a form"),
    "link.redeemed.sign_in": gettext_noop("Opened a link to sign in"),
    "link.sent.consent": gettext_noop("Sent a link to sign"),
    "link.sent.measure": gettext_noop("Sent a link to a form"),
    "link.sent.sign_in": gettext_noop("Sent a sign-in"),
    "medicine.noted": gettext_noop("Noted a medicine"),
    "note.written": gettext_noop("Wrote a session note"),
    "order.confirmed": gettext_noop("Confirmed the order"),
    "order.further_signed": gettext_noop("Signed a further dose"),
    "order.signed": gettext_noop("Signed an order"),
    "patient.imported": gettext_noop("Brought in a patient from a file"),
    "preparation.handed_over": gettext_noop("Handed over what was prepared"),
    "preparation.kept": gettext_noop("Wrote what was prepared"),
    "process.corrected": gettext_noop("Corrected one of their own process notes"),
    "process.downloaded": gettext_noop("Downloaded their own process notes"),
    "process.kept": gettext_noop("Wrote a process note"),
    "reading.kept": gettext_noop("Kept a set of vitals"),
    "recording.played": gettext_noop("Played a recording into the room"),
    "result.noted": gettext_noop("Noted a result"),
    "role.ended": gettext_noop("Ended a role"),
    "role.given": gettext_noop("Gave a role"),
    "room.marked": gettext_noop("Marked something in the room"),
    "room.medicine_given": gettext_noop("Wrote down a medicine given"),
    "room.timer_set": gettext_noop("Set a timer in the room"),
    "roomevent.ended": gettext_noop("Ended a timer in the room"),
    "session.arrived": gettext_noop("Checked a patient in"),
    "session.handed_over": gettext_noop("Handed a patient to emergency care"),
    "session.held": gettext_noop("Marked a session as held"),
    "session.planned": gettext_noop("Planned a session"),
    "session.taken_over": gettext_noop("Took over watching in the room"),
    "session.went_home": gettext_noop("Let the patient go home"),
    "sharing.changed": gettext_noop("Changed what is shared"),
    "sharing.granted": gettext_noop("Began to share"),
    "sharing.replaced": gettext_noop("Replaced what is shared"),
    "sharing.ran_out": gettext_noop("Sharing ended on the day that was chosen"),
    "sharing.stopped": gettext_noop("Stopped sharing"),
    "site.born": gettext_noop("This site began"),
    "small_thing.added": gettext_noop("Put a small thing on the list"),
    "small_thing.ended": gettext_noop("Took a small thing off the list"),
    "small_thing.ticked": gettext_noop("Ticked a small thing"),
    "small_thing.unticked": gettext_noop("Unticked a small thing"),
    "summary.written": gettext_noop("Wrote a session summary"),
    "tablet.enrolled": gettext_noop("Made a tablet of a room"),
    "tablet.revoked": gettext_noop("Ended a tablet"),
    "task.done": gettext_noop("Finished a task"),
    "task.made": gettext_noop("A task was made"),
    "touch.agreed": gettext_noop("Wrote which touch is agreed"),
    "touch.narrowed": gettext_noop("Narrowed which touch is agreed"),
}


def what_words(event: Event) -> str:
    """What was opened, done, or tried and refused."""
    verb = event.verb
    if verb.startswith("opened."):
        page = verb.removeprefix("opened.")
        return _(PAGES[page]) if page in PAGES else capfirst(_plain(page))
    if verb.startswith("missed."):
        return _("Tried to open what is not theirs to see")
    if event.outcome == Event.Outcome.REFUSED:
        return _("Tried: %(what)s") % {"what": _plain(verb.removesuffix(".refused"))}
    return _(VERBS[verb]) if verb in VERBS else capfirst(_plain(verb))


def kind_words(event: Event) -> str:
    """As what someone came, where it was under no role of a practice."""
    if event.by_kind == "person":
        return _("the patient") if event.by_person_id == event.patient_id else _("themselves")
    known = {"link": _("by a link"), "device": _("a room tablet"), "system": _("the system")}
    return known.get(event.by_kind, "")


def _plain(verb: str) -> str:
    return verb.replace(".", " ").replace("_", " ")
