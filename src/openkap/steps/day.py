"""What is asked on the morning of a dose: identity, safety, health, medicines, food, touch, kit, who stays.

Decided here: one page, one sending; what was not answered stays unknown and is told so at the gate. An
answer given again replaces the one before it, which stays on record. A pregnancy test and what is said of
touch are kept where they belong, by their own steps. Each answer counts for the clinic's own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.gate import asked_today
from openkap.records.models import DayAnswer, Membership, Session
from openkap.steps.escort import name_escort
from openkap.steps.evaluation import Measured, note_result
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.preparation import agree_touch
from openkap.steps.room import a_person, authored_in, held, in_session, must_be_before

YES_NO = ("yes", "no")
BANDS = ("none", "low", "moderate", "high")
MEALS = ("light", "fatty")
TAKEN = ("none", "alcohol", "cannabis", "intoxicated")
# Who stays with the patient is a clinician; within reach may be anyone of this practice who was taught to
# help (dossier 2.3, S32: a second person always in the clinic), so that one clinician need not be alone.
CLINICAL = (Role.MONITOR.value, Role.PRESCRIBER.value)
WITHIN_REACH = (*CLINICAL, Role.THERAPIST.value, Role.FRONT_DESK.value)
# What a person remembers of a meal; longer ago is written as that long ago.
REMEMBERED = timedelta(days=2)


@step
def keep_day(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    answers: Mapping[str, Mapping[str, Any]],
    escort: Mapping[str, str] | None = None,
    hcg: str = "",
    touch: str = "",
    submission: UUID | None = None,
) -> tuple[DayAnswer, ...]:
    """Keep what was asked this morning. `answers` by question; what is absent was not asked.

    identity, kit: `{"answer": "yes"|"no"}`; health (yes: something is new), medicines (no: not as planned):
    the same with `words`; taken: `{"answer": "none"|"alcohol"|"cannabis"|"intoxicated"}`; mind, bladder (yes:
    signs since the last dose): `{"answer"}`; safety: `{"band"}`; meal: `{"ate_at", "kind", "drank_at"}`;
    staff: `{"monitor", "second"}`, ids of people. `escort`: name, phone, relation. `hcg`: the result of
    today's test. `touch`: a level, as the patient says it today.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    a_person(by)
    session = held(session)
    must_be_before(session)
    before = asked_today(session, at)
    values = {question: _checked(session, question, said, at) for question, said in answers.items()}
    kept = tuple(
        _keep(by, session, question, value, before.get(question), at)
        for question, value in values.items()
        if before.get(question) is None or before[question].value != value
    )
    if escort is not None:
        name_escort(
            by=by,
            at=at,
            session=session,
            name=escort.get("name", ""),
            phone=escort.get("phone", ""),
            relation=escort.get("relation", ""),
        )
    if hcg:
        note_result(by=by, at=at, course=session.course, result=Measured("hcg", hcg, "", at))
    if touch:
        agree_touch(by=by, at=at, course=session.course, level=touch, session=session)
    tell(by, "day.asked", kept[-1] if kept else session, at=at)
    return kept


def _keep(
    by: Actor, session: Session, question: str, value: dict[str, Any], before: DayAnswer | None, at: datetime
) -> DayAnswer:
    return DayAnswer.objects.create(
        **authored_in(by, session, at),
        session=session,
        question=question,
        value=value,
        corrects=before,
        reason=_("Asked again") if before is not None else "",
    )


def _checked(session: Session, question: str, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The value as it is kept. Raises Refused for what is no answer to this question."""
    match question:
        case "taken":
            return {"answer": _one_of(question, said.get("answer"), TAKEN)}
        case "identity" | "kit" | "mind" | "bladder":
            return {"answer": _one_of(question, said.get("answer"), YES_NO)}
        case "health" | "medicines":
            return _with_words(question, said)
        case "safety":
            return {"band": _one_of(question, said.get("band"), BANDS)}
        case "meal":
            return _meal(said, at)
        case "staff":
            return _staff(session, said, at)
    raise Refused(_("%(what)s is not asked on the day of a dose.") % {"what": question})


def _one_of(question: str, value: Any, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise Refused(_("Choose one of the answers."), field=question)
    return str(value)


def _with_words(question: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Something is new, or not as planned: then it is told what."""
    answer = _one_of(question, said.get("answer"), YES_NO)
    words = str(said.get("words") or "").strip()[:300]
    if answer == ("yes" if question == "health" else "no") and not words:
        raise Refused(_("Say what it is. A prescriber looks at it."), field=f"{question}_words")
    return {"answer": answer, "words": words}


def _meal(said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    times: dict[str, Any] = {"kind": _one_of("meal_kind", said.get("kind"), MEALS)}
    for key, field in (("ate_at", "ate"), ("drank_at", "drank")):
        moment = said.get(key)
        if not isinstance(moment, datetime) or moment > at:
            raise Refused(_("Say when. A time that has not come yet cannot be meant."), field=field)
        times[key] = max(moment, at - REMEMBERED).isoformat()
    return times


def _staff(session: Session, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Two people of this practice, by id, one of them a clinician; their names are kept as they are now."""
    held = Membership.objects.filter(
        Membership.in_force(at), organisation_id=session.organisation_id, role__in=WITHIN_REACH
    ).select_related("person")
    names = {str(row.person_id): row.person.name for row in held}
    carers = {str(row.person_id) for row in held if row.role in CLINICAL}
    value: dict[str, Any] = {}
    for key in ("monitor", "second"):
        id_ = str(said.get(key) or "")
        if id_ not in (carers if key == "monitor" else names):
            raise Refused(_("Choose someone of this practice who cares for patients."), field=key)
        value |= {key: names[id_], f"{key}_id": id_}
    if value["monitor_id"] == value["second_id"]:
        raise Refused(_("Choose two people: one who stays, another within reach."), field="second")
    return value
