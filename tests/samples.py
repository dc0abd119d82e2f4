"""A sample of every address: who opens it, on what, and what may be asked of it.

The access matrix, the accessibility check and the pictures take their list from the URL resolver; an
address that has no sample here fails the build. Kinds and acts say what a page needs, so that the matrix
can ask `decide` for the answer it expects.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from openkap.permits import Act, Kind, Need
from openkap.records.models import (
    AdverseEvent,
    Allergy,
    Course,
    Departure,
    Device,
    Escort,
    EvaluationRequest,
    Grant,
    HistoryAnswer,
    Invitation,
    JournalEntry,
    LicensedRole,
    MisuseSign,
    OutgoingMail,
    PatientFile,
    Proposal,
    RoomEvent,
    Session,
    SharedEntry,
    Signature,
    SmallThing,
    StaffInvitation,
    Task,
    UploadedDocument,
)
from openkap.steps.cast import THERAPY
from tests.sample import Kwargs, Sample, act, anyone, doing, of_patient, of_session, see
from tests.samples_of_director import DIRECTOR
from tests.scene import Scene

FILE = of_patient("file", PatientFile.objects.all)
OWN_FILE = of_patient("file", lambda: PatientFile.objects.filter(organisation__name=THERAPY))
COURSE = of_patient("course", Course.objects.all)
DOSE = of_session("dosing")
TIMER = of_patient("event", lambda: RoomEvent.objects.filter(what="timer"))


def live_session(scene: Scene, key: str) -> Any:
    return scene.session("wren", "dosing")


WALL = Kwargs("room", lambda scene, key: scene.people.room("Alder"))
ROOM_SIZE: dict[str, Any] = {"size": "tablet", "theme": "room"}
PHONE: dict[str, Any] = {"size": "phone"}
UNSEEN: dict[str, Any] = {"post": True, "shown": False}
WORK = see(Kind.SCHEDULE, Kind.CLINICAL)
ANSWER = of_patient("row", HistoryAnswer.objects.all, model="historyanswer")
ALLERGY = of_patient("row", Allergy.objects.all, model="allergy")
PAPER = of_patient("document", UploadedDocument.objects.all)
IN_ROOM = of_patient("course", Course.objects.all, name="phq9")
INTEGRATION = of_session("integration")
ENTRY = of_patient("entry", JournalEntry.objects.all)
SHARED = of_patient("shared", SharedEntry.objects.all)
ALERT = of_patient("task", lambda: Task.objects.exclude(level=""))
THING = of_patient("thing", SmallThing.objects.all)
HARM = of_patient("event", AdverseEvent.objects.all)
SIGN = of_patient("sign", MisuseSign.objects.all)
LARKMOOR = Kwargs(slug="larkmoor")
KEEP_STAFF = (Need(Kind.STAFF, Act.ADD),)
JONAH = Kwargs("person", lambda scene, key: scene.people["jonah"])


def the_clinic(scene: Scene, key: str) -> Any:
    return scene.people.clinic


REQUEST = Kwargs(
    "request_id",
    lambda scene, key: EvaluationRequest.objects.filter(organisation=scene.people.clinic).first(),
)

DOOR = {
    "account_login": anyone(),
    "account_inactive": anyone(),
    "account_reauthenticate": Sample("tamsin", by_password=True, shown=False),
    "sign-in-code": anyone(size="phone"),
    "sign-in-ask": Sample(post=True, shown=False),
    "sign-out": Sample("tamsin", post=True, shown=False),
    "session-act": Sample("tamsin", post=True, shown=False),
    "session-lock": Sample("tamsin", post=True, shown=False, also=frozenset({302})),
    "lock": Sample("tamsin", signed_in=True),
    "start": Sample("tamsin", not_for="nobody", shown=False),
    "menu": Sample("tamsin", not_for="nobody"),
    "hat": Sample("theo", signed_in=True),
    "link-again": anyone(size="phone"),
    "link": Sample(kwargs_of=Kwargs(token="a-link-that-is-not-one"), also=frozenset({404}), size="phone"),
    "account": Sample("tamsin", signed_in=True),
    # Whose sign-in it is, is asked by its own tests: nobody's is anybody else's.
    "account-end": Sample("tamsin", Kwargs(sign_in=uuid4()), post=True, shown=False, visited=False),
    "account-end-all": Sample("tamsin", post=True, shown=False, signed_in=True, visited=False),
    "account-look": Sample("tamsin", post=True, shown=False, data={"look": "day"}),
    "account-password": Sample("tamsin", by_password=True, shown=False),
    "staff-join": Sample(kwargs_of=Kwargs(token="one-that-nobody-sent"), also=frozenset({404})),
    "kept": Sample("tamsin", Kwargs(name="nothing-kept"), also=frozenset({404}), shown=False),
    "manifest": anyone(shown=False),
    "service-worker": anyone(shown=False),
    "offline": anyone(size="phone"),
    "language": Sample(post=True, shown=False, data={"language": "es"}, also=frozenset({302})),
    "stream": Sample("jonah", visited=False, shown=False),
    "paper-consent": Sample(
        "wren", of_patient("signature", Signature.objects.all), needs=see(Kind.CONSENT), shown=False
    ),
    "public-home": anyone(),
    "public-front": anyone(kwargs_of=LARKMOOR),
    "public-self-check": anyone(kwargs_of=LARKMOOR, size="phone"),
    "public-ask": anyone(kwargs_of=LARKMOOR, size="phone"),
    "public-asked": anyone(kwargs_of=LARKMOOR, size="phone"),
    "health-live": anyone(shown=False),
    "health-ready": anyone(shown=False),
    "csp-report": Sample(post=True, shown=False),
    "demo": anyone(),
    "demo-kit": anyone(),
    "demo-become": Sample(kwargs_of=Kwargs(key="tamsin"), post=True, shown=False),
}
FACTOR = {
    name: Sample("tamsin", by_password=True, shown=False)
    for name in (
        "mfa_authenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
    )
} | {
    "mfa_edit_webauthn": Sample("tamsin", Kwargs(pk=1), by_password=True, shown=False),
    "mfa_remove_webauthn": Sample("tamsin", Kwargs(pk=1), by_password=True, shown=False),
}
CARE = {
    "care-find": Sample("tamsin", holds=see(Kind.IDENTITY)),
    "care-register": Sample("tamsin", holds=(Need(Kind.IDENTITY, Act.ADD),)),
    "care-patient": Sample("tamsin", FILE, needs=see(Kind.IDENTITY)),
    "care-open-course": doing("tamsin", FILE, Kind.IDENTITY),
    "care-note": doing("tamsin", FILE, Kind.IDENTITY, data={"what": "allergy"}),
    "care-contact": Sample("tamsin", FILE, needs=see(Kind.IDENTITY)),
    "care-outcome": Sample("tamsin", FILE, needs=see(Kind.IDENTITY, Kind.MEASURES)),
    "care-looked": Sample("tamsin", FILE, needs=see(Kind.IDENTITY, Kind.TRAIL)),
    "care-evaluation": Sample("tamsin", COURSE, needs=WORK),
    "care-lists": Sample("tamsin", FILE, needs=see(Kind.IDENTITY, Kind.CLINICAL)),
    "care-reconcile": doing("tamsin", FILE, Kind.IDENTITY, Kind.CLINICAL),
    "care-list-line": doing("tamsin", ALLERGY, Kind.CLINICAL),
    "care-papers": Sample("tamsin", FILE, needs=see(Kind.IDENTITY, Kind.CLINICAL)),
    "care-paper": Sample("tamsin", PAPER, needs=see(Kind.CLINICAL), shown=False),
    "care-forms": Sample("tamsin", COURSE, needs=act(Kind.MEASURES, Act.SEND, Kind.SCHEDULE)),
    "care-in-room": Sample("tamsin", IN_ROOM, needs=act(Kind.MEASURES, Act.ADD, Kind.SCHEDULE)),
    "care-end": Sample("tamsin", COURSE, needs=see(Kind.SCHEDULE)),
    "care-misuse": Sample("tamsin", COURSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE)),
    "care-misuse-settle": Sample(
        "tamsin", SIGN, needs=act(Kind.CLINICAL, Act.CORRECT), post=True, shown=False, also=frozenset({422})
    ),
    "care-end-take-back": doing("tamsin", COURSE, Kind.SCHEDULE),
    "care-asking": doing("tamsin", COURSE, Kind.SCHEDULE),
    "care-move": doing("tamsin", COURSE, Kind.SCHEDULE),
    "care-course-print": Sample("tamsin", COURSE, needs=see(Kind.SCHEDULE), shown=False),
    "care-course-pdf": Sample("tamsin", COURSE, needs=see(Kind.SCHEDULE), shown=False),
    "care-decide": doing("tamsin", COURSE, Kind.SCHEDULE, Kind.CLINICAL),
    "care-send": doing("tamsin", COURSE, Kind.SCHEDULE),
    "care-spoken-no": Sample("tamsin", COURSE, needs=see(Kind.SCHEDULE, Kind.CONSENT)),
    "care-ask-to-share": Sample("tamsin", COURSE, needs=act(Kind.CONSENT, Act.SEND, Kind.SCHEDULE)),
    "care-plan": doing("tamsin", COURSE, Kind.SCHEDULE),
    "care-confirm": doing("tamsin", ANSWER, Kind.CLINICAL),
    "care-correct": Sample("tamsin", ANSWER, needs=act(Kind.CLINICAL, Act.CORRECT)),
    "care-order": Sample("tamsin", DOSE, needs=WORK),
    "care-cancel-order": Sample(
        "tamsin", DOSE, needs=act(Kind.CLINICAL, Act.SIGN, Kind.SCHEDULE), post=True, shown=False
    ),
    "care-weigh": doing("tamsin", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "care-summary": Sample(
        "tamsin",
        DOSE,
        needs=see(Kind.SCHEDULE, Kind.SUMMARY),
        not_for="mira at Quiet Harbor Therapy",
    ),
    "care-work": Sample("tamsin"),
    "form-answers": Sample("tamsin", of_patient("course", Course.objects.all), needs=see(Kind.MEASURES)),
    "care-work-done": doing("jonah", of_patient("task", Task.objects.all), Kind.TASKS),
    "care-license": Sample(
        "tamsin",
        of_patient("task", Task.objects.all),
        needs=act(Kind.TASKS, Act.ADD),
        shown=False,  # most tasks are not about a license: it leads back
    ),
    "care-work-take": doing("jonah", of_patient("task", Task.objects.all), Kind.TASKS),
    "care-work-hand-over": doing("jonah", of_patient("task", Task.objects.all), Kind.TASKS),
    "care-alert": Sample("tamsin", ALERT, needs=see(Kind.TASKS)),
    "care-alert-close": doing("tamsin", ALERT, Kind.TASKS),
    "care-alert-tried": doing("tamsin", ALERT, Kind.TASKS),
    "safety-plan": Sample("tamsin", COURSE, needs=see(Kind.SAFETY_PLAN)),
    "safety-plan-reviewed": doing("tamsin", COURSE, Kind.SAFETY_PLAN),
    "care-on-call-cover": Sample("osric", holds=see(Kind.TASKS), post=True, shown=False),
    "care-on-call-cover-end": Sample(
        "osric",
        Kwargs("row", lambda scene, key: scene.people.clinic.covers.first()),
        needs=see(Kind.TASKS),
        **UNSEEN,
    ),
    "care-on-call": Sample("osric", holds=see(Kind.TASKS)),
    "care-on-call-end": Sample(
        "osric",
        Kwargs("row", lambda scene, key: scene.people.clinic.on_call.first()),
        needs=see(Kind.TASKS),
        **UNSEEN,
    ),
}
LEAD = {
    "lead": Sample("osric"),
    "lead-certification": Sample("osric", holds=see(Kind.RULES)),
    "lead-trail": Sample("osric", holds=see(Kind.TRAIL)),
    "lead-staff": Sample("priya", holds=see(Kind.STAFF)),
    "lead-staff-invite": Sample("priya", holds=KEEP_STAFF),
    "lead-staff-invitation": Sample(
        "priya",
        Kwargs("invitation", lambda scene, key: StaffInvitation.objects.first()),
        needs=KEEP_STAFF,
    ),
    "lead-staff-stays": Sample(
        "priya",
        Kwargs("departure", lambda scene, key: Departure.objects.first()),
        needs=KEEP_STAFF,
        post=True,
        shown=False,
    ),
    "lead-staff-license": Sample(
        "osric", Kwargs("asked", lambda scene, key: LicensedRole.objects.first()), needs=KEEP_STAFF
    ),
    "lead-staff-person": Sample("priya", JONAH, needs=KEEP_STAFF, about=the_clinic),
    "lead-staff-work": Sample("priya", JONAH, needs=KEEP_STAFF, about=the_clinic),
    "lead-staff-let-in": Sample("priya", JONAH, needs=KEEP_STAFF, about=the_clinic),
    "lead-before-care": Sample("priya", holds=see(Kind.STAFF)),
    "lead-practice": Sample("priya", holds=KEEP_STAFF),
    "lead-running": Sample("osric", holds=see(Kind.STAFF)),
    "lead-mail-again": Sample(
        "osric",
        Kwargs(
            "mail", lambda scene, key: OutgoingMail.objects.filter(organisation=scene.people.clinic).first()
        ),
        needs=KEEP_STAFF,
        post=True,
        shown=False,
    ),
    **DIRECTOR,
    "lead-overrides": Sample("osric", holds=see(Kind.CLINICAL, Kind.TRAIL)),
    "lead-overrides-print": Sample("osric", holds=see(Kind.CLINICAL, Kind.TRAIL)),
    "desk-find": Sample("odette", holds=see(Kind.IDENTITY)),
    "desk-print": Sample("odette", holds=see(Kind.SCHEDULE)),
    "desk-here": doing("odette", DOSE, Kind.SCHEDULE),
    # Its button stands in a message and brings nothing along: sent empty, it is done.
    "desk-not-here": Sample(
        "odette", DOSE, needs=act(Kind.SCHEDULE, Act.ADD, Kind.SCHEDULE), post=True, shown=False
    ),
    "desk-page": Sample("odette", holds=see(Kind.PAGE)),
    "desk-requests": Sample("odette", holds=see(Kind.REQUESTS)),
    "desk-request": Sample("odette", REQUEST, needs=see(Kind.REQUESTS)),
    "desk-request-contact": doing("odette", REQUEST, Kind.REQUESTS),
    "desk-request-open": doing("odette", REQUEST, Kind.REQUESTS),
    "desk-request-close": doing("odette", REQUEST, Kind.REQUESTS),
    "desk-send-sign-in": doing("odette", FILE, Kind.IDENTITY),
}
ROOMS = {
    "rooms-board": Sample("jonah", theme="room", holds=see(Kind.CLINICAL)),
    "rooms-board-part": Sample("jonah", shown=False, holds=see(Kind.CLINICAL)),
    "rooms-session": Sample("jonah", DOSE, needs=WORK, **ROOM_SIZE),
    "rooms-session-part": Sample("jonah", DOSE, needs=WORK, shown=False),
    "rooms-confirm": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.CONFIRM, Kind.SCHEDULE)),
    "rooms-draw": Sample("jonah", DOSE, needs=WORK, **ROOM_SIZE),
    "rooms-morning": Sample("jonah", DOSE, needs=WORK, **ROOM_SIZE),
    "rooms-go-ahead": doing("tamsin", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-start": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-vitals": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-set": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-mark": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-touch-less": Sample(
        "jonah",
        DOSE,
        needs=(*act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), Need(Kind.PREPARATION, Act.ADD)),
        post=True,
        shown=False,
    ),
    "rooms-turn": doing("jonah", of_session("dosing", verb="pause"), Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-end": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-play": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-home": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-paper": Sample("jonah", DOSE, needs=WORK),
    "rooms-more": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-medicine": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-note": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-further": Sample("jonah", DOSE, needs=WORK, **ROOM_SIZE),
    "rooms-given": Sample("jonah", DOSE, needs=WORK, **ROOM_SIZE),
    "rooms-hold": Sample("jonah", DOSE, needs=WORK, shown=False, **ROOM_SIZE),
    "rooms-timer": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-timer-end": Sample("jonah", TIMER, needs=act(Kind.CLINICAL, Act.CORRECT), post=True, shown=False),
    "rooms-stop": doing("jonah", DOSE, Kind.SCHEDULE, Kind.CLINICAL),
    "rooms-over": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-help": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "care-call": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE)),
    "rooms-event": Sample("jonah", DOSE, needs=act(Kind.CLINICAL, Act.ADD, Kind.SCHEDULE), **ROOM_SIZE),
    "rooms-event-again": Sample("jonah", HARM, needs=act(Kind.ADVERSE_EVENTS, Act.CORRECT)),
    "rooms-tablet-revoke": Sample(
        "priya",
        Kwargs("device", lambda scene, key: Device.objects.first()),
        needs=see(Kind.STAFF),
        post=True,
        shown=False,
    ),
    "rooms-wall": Sample("jonah", WALL, needs=see(Kind.CLINICAL), about=live_session, theme="room"),
    "rooms-wall-part": Sample("jonah", WALL, needs=see(Kind.CLINICAL), about=live_session, shown=False),
    "rooms-tablets": Sample("priya", holds=(Need(Kind.STAFF, Act.ENROL),)),
}
ME = {
    "me-home": Sample("wren", **PHONE),
    "me-consent": Sample("wren", **PHONE),
    "me-documents": Sample("wren", **PHONE),
    "me-document": Sample(
        "wren", of_patient("signature", Signature.objects.all), needs=see(Kind.CONSENT), **PHONE
    ),
    "me-forms": Sample("wren", **PHONE),
    "me-form": Sample(
        "wren",
        of_patient("course", Course.objects.all, instrument="phq9", point="after"),
        needs=act(Kind.MEASURES, Act.ADD, Kind.SCHEDULE),
        **PHONE,
    ),
    "me-sharing": Sample("wren", **PHONE),
    "me-sharing-new": Sample("wren", **PHONE),
    "me-invite": Sample("wren", **PHONE),
    "me-invitation": Sample(
        "wren", of_patient("invitation", Invitation.objects.all), needs=see(Kind.SHARING), **PHONE
    ),
    "me-invitation-end": doing("wren", of_patient("invitation", Invitation.objects.all), Kind.SHARING),
    "me-invitation-again": doing("wren", of_patient("invitation", Invitation.objects.all), Kind.SHARING),
    "me-sharing-change": doing("wren", of_patient("grant", Grant.objects.all), Kind.SHARING),
    "me-sharing-stop": doing("wren", of_patient("grant", Grant.objects.all), Kind.SHARING),
    "me-sharing-again": doing("wren", of_patient("grant", Grant.objects.all), Kind.SHARING),
    "me-looked": Sample("wren", **PHONE),
    "me-outcome": Sample("wren", **PHONE),
    "me-consent-no": Sample("wren", post=True, shown=False, also=frozenset({422})),
    "me-consent-take-back": Sample("wren", **PHONE),
    "me-resting": anyone(**PHONE),
    "me-preparation": Sample("wren", **PHONE),
    "me-touch": Sample("wren", **PHONE),
    "me-touch-less": Sample("wren", post=True, shown=False, also=frozenset({422})),
    "me-sessions": Sample("wren", **PHONE),
    "me-session": Sample("wren", DOSE, needs=see(Kind.SCHEDULE), **PHONE),
    "me-things": Sample("wren", **PHONE),
    "me-things-mark": doing("wren", THING, Kind.SMALL_THINGS, also=frozenset({422})),
    "me-journal": Sample("wren", **PHONE),
    "me-journal-text": Sample("wren", shown=False),
    "me-journal-entry": Sample("wren", ENTRY, needs=see(Kind.JOURNAL), **PHONE),
    "me-journal-share": doing("wren", ENTRY, Kind.JOURNAL, also=frozenset({422})),
    "me-journal-take-back": doing("wren", SHARED, Kind.SHARED_JOURNAL),
    "me-help": Sample("wren", **PHONE),
    "me-safety": Sample("wren", **PHONE),
    "me-pocket": Sample("wren", **PHONE),
    "me-safety-write": Sample("wren", **PHONE),
    "me-safety-own": Sample("wren", **PHONE),
    "me-safety-paper": Sample("wren"),
    "me-safety-reviewed": Sample("wren", post=True, shown=False, also=frozenset({422})),
    "me-correct": Sample("wren", post=True, shown=False, also=frozenset({422})),
    "link-consent-no": Sample(post=True, shown=False),
    "link-consent": Sample(shown=False),
    "link-measure": Sample(shown=False),
    "link-done": Sample(shown=False),
    "link-skip": Sample(post=True, shown=False),
}
OWN_DRAFTS = (Need(Kind.DRAFTS, Act.ADD),)
PRACTICE = {
    "practice-today": Sample("mira"),
    "practice-windows": Sample("mira"),
    "practice-people": Sample("mira"),
    "practice-person": Sample("mira", OWN_FILE, needs=see(Kind.IDENTITY)),
    "practice-shown": Sample("mira", OWN_FILE, needs=see(Kind.IDENTITY)),
    "join": Sample(kwargs_of=Kwargs(token="one-that-nobody-sent"), also=frozenset({404})),
    "practice-things": Sample("mira", OWN_FILE, needs=see(Kind.IDENTITY)),
    "practice-things-end": doing("mira", THING, Kind.SMALL_THINGS),
    "shared-entry": Sample("mira", SHARED, needs=see(Kind.SHARED_JOURNAL)),
    "practice-hold": doing("mira", OWN_FILE, Kind.IDENTITY),
    "practice-note": Sample("mira", INTEGRATION, needs=act(Kind.NOTES, Act.ADD)),
    "practice-note-draft": doing("mira", INTEGRATION, Kind.SCHEDULE, holds=OWN_DRAFTS),
    "practice-arrived": doing("mira", INTEGRATION, Kind.SCHEDULE),
    "practice-held": doing("mira", INTEGRATION, Kind.SCHEDULE),
    "practice-preparation": Sample("mira", OWN_FILE, needs=see(Kind.IDENTITY)),
    "practice-preparation-draft": doing("mira", OWN_FILE, Kind.IDENTITY, holds=OWN_DRAFTS),
    "practice-preparation-plan": doing("mira", OWN_FILE, Kind.IDENTITY),
    "practice-touch": doing("mira", OWN_FILE, Kind.IDENTITY),
    "practice-process": Sample("mira", OWN_FILE, needs=see(Kind.IDENTITY), holds=see(Kind.PROCESS)),
    "practice-process-draft": doing("mira", OWN_FILE, Kind.IDENTITY, holds=(Need(Kind.PROCESS, Act.ADD),)),
    "practice-process-take": Sample("mira", OWN_FILE, needs=see(Kind.IDENTITY), holds=see(Kind.PROCESS)),
}
AHEAD = Kwargs(
    "session",
    lambda scene, key: (
        Session.objects.filter(patient=scene.people[key], phase="dosing").order_by("planned_from").last()
    ),
)
PROPOSAL = of_patient("proposal", Proposal.objects.all)
CALENDAR = {
    "calendar": Sample("odette", holds=see(Kind.SCHEDULE)),
    "calendar-dose": Sample("odette", COURSE, needs=act(Kind.SCHEDULE, Act.ADD)),
    "calendar-session": Sample("odette", AHEAD, needs=see(Kind.SCHEDULE)),
    "calendar-move": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-cancel": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-missed": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-arrived": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-longer": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-hold": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-escort": Sample("odette", AHEAD, needs=act(Kind.SCHEDULE, Act.ADD), post=True, shown=False),
    "calendar-escort-yes": doing(
        "odette", of_patient("escort", lambda: Escort.objects.filter(session__phase="dosing")), Kind.ESCORT
    ),
    "calendar-proposals": Sample("mira", holds=see(Kind.SCHEDULE)),
    "calendar-proposal": Sample("mira", PROPOSAL, needs=see(Kind.SCHEDULE)),
}
ON_THE_WAY = (COURSE, Kind.SCHEDULE, Kind.CLINICAL)
TEAM = {
    "team-way": Sample("tamsin", COURSE, needs=WORK),
    "team-therapist": doing("tamsin", *ON_THE_WAY),
    "team-enrolment": doing("tamsin", *ON_THE_WAY),
    "team-dose": Sample("mira", DOSE, needs=see(Kind.SCHEDULE)),
    "team-in": doing("jonah", DOSE, Kind.SCHEDULE),
    "team-out": doing("jonah", DOSE, Kind.SCHEDULE),
    "team-before": doing("mira", DOSE, Kind.SCHEDULE),
    "team-after": doing("jonah", DOSE, Kind.SCHEDULE),
    "team-read": doing("jonah", of_session("dosing", which="before"), Kind.SCHEDULE),
    "team-note": doing("mira", DOSE, Kind.SCHEDULE),
    "team-sent": doing("jonah", DOSE, Kind.SCHEDULE),
    "team-event": Sample("mira", DOSE, needs=see(Kind.SCHEDULE)),
}
SAMPLES: dict[str, Sample] = DOOR | FACTOR | CARE | LEAD | ROOMS | ME | PRACTICE | CALENDAR | TEAM
