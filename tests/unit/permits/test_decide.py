"""Who may do what: the table a privacy officer can check, row by row."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from openkap.permits import (
    Act,
    Actor,
    ActorKind,
    Bound,
    GrantHeld,
    Kind,
    Need,
    No,
    Role,
    Standing,
    Subject,
    Yes,
    decide,
    scope_of,
)

CLINIC, THERAPY, WREN, NOOR = (uuid4() for _ in range(4))
AT = datetime(2027, 3, 9, 14, tzinfo=UTC)


def staff(organisation: UUID = CLINIC) -> Actor:
    return Actor(ActorKind.PERSON, "someone", person=uuid4(), organisation=organisation)


def asks(actor: Actor, standing: Standing, need: Need, subject: Subject) -> Yes | No:
    return decide(scope_of(actor, standing), need, subject)


def clinical(keeper: UUID = CLINIC, patient: UUID = WREN, at: datetime = AT) -> Subject:
    return Subject(Kind.CLINICAL, keeper=keeper, patient=patient, at=at)


MAY = [
    # role, kind, act, may?
    (Role.PRESCRIBER, Kind.CLINICAL, Act.SIGN, True),
    (Role.PRESCRIBER, Kind.STAFF, Act.ADD, False),
    (Role.MONITOR, Kind.CLINICAL, Act.ADD, True),
    (Role.MONITOR, Kind.CLINICAL, Act.CONFIRM, True),
    (Role.MONITOR, Kind.CLINICAL, Act.SIGN, False),
    (Role.MONITOR, Kind.NOTES, Act.SEE, False),
    (Role.THERAPIST, Kind.NOTES, Act.ADD, True),
    (Role.THERAPIST, Kind.CLINICAL, Act.SEE, False),
    (Role.THERAPIST, Kind.ADVERSE_EVENTS, Act.ADD, True),
    (Role.THERAPIST, Kind.ADVERSE_EVENTS, Act.SEE, False),
    (Role.THERAPIST, Kind.MEASURES, Act.ADD, True),
    (Role.FRONT_DESK, Kind.ADVERSE_EVENTS, Act.ADD, False),
    (Role.FRONT_DESK, Kind.SCHEDULE, Act.ADD, True),
    (Role.FRONT_DESK, Kind.CLINICAL, Act.SEE, False),
    (Role.FRONT_DESK, Kind.MEASURES, Act.SEE, False),
    (Role.MEDICAL_DIRECTOR, Kind.CLINICAL, Act.SEE, True),
    (Role.MEDICAL_DIRECTOR, Kind.CLINICAL, Act.SIGN, False),
    (Role.PRIVACY_OFFICER, Kind.TRAIL, Act.SEE, True),
    (Role.PRIVACY_OFFICER, Kind.CLINICAL, Act.SEE, False),
    (Role.ADMINISTRATOR, Kind.STAFF, Act.ADD, True),
    (Role.ADMINISTRATOR, Kind.IDENTITY, Act.SEE, False),
]


@pytest.mark.parametrize(("role", "kind", "act", "may"), MAY)
def test_what_a_role_may_do_at_home(role: Role, kind: Kind, act: Act, may: bool) -> None:
    answer = asks(staff(), Standing(frozenset({role})), Need(kind, act), Subject(kind, CLINIC, WREN))
    assert bool(answer) is may
    if isinstance(answer, No):
        assert act.value in answer.because


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("kind", list(Kind))
def test_no_role_reaches_another_organisation(role: Role, kind: Kind, act: Act) -> None:
    answer = asks(staff(), Standing(frozenset({role})), Need(kind, act), Subject(kind, THERAPY, WREN))
    assert not answer


def grant(*scopes: str, patient: UUID = WREN, since: datetime | None = None) -> GrantHeld:
    return GrantHeld(uuid4(), patient, CLINIC, frozenset(scopes), since)


GRANTED = [
    # scopes, kind, patient, sees?
    (("schedule",), Kind.SCHEDULE, WREN, True),
    (("schedule",), Kind.IDENTITY, WREN, True),
    (("schedule",), Kind.SUMMARY, WREN, False),
    (("schedule",), Kind.SCHEDULE, NOOR, False),
    (("session_summaries",), Kind.SUMMARY, WREN, True),
    (("measures",), Kind.MEASURES, WREN, True),
    (("schedule", "session_summaries", "measures"), Kind.CLINICAL, WREN, False),
    (("schedule", "session_summaries", "measures"), Kind.NOTES, WREN, False),
    (("no_such_scope",), Kind.SCHEDULE, WREN, False),
]


@pytest.mark.parametrize(("scopes", "kind", "patient", "sees"), GRANTED)
def test_what_a_grant_opens(scopes: tuple[str, ...], kind: Kind, patient: UUID, sees: bool) -> None:
    standing = Standing(frozenset({Role.THERAPIST}), (grant(*scopes),))
    answer = asks(staff(THERAPY), standing, Need(kind), Subject(kind, CLINIC, patient, at=AT))
    assert bool(answer) is sees


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.SEE])
def test_a_grant_opens_nothing_but_seeing(act: Act) -> None:
    standing = Standing(frozenset({Role.THERAPIST}), (grant("schedule", "session_summaries", "measures"),))
    for kind in Kind:
        assert not asks(staff(THERAPY), standing, Need(kind, act), Subject(kind, CLINIC, WREN, at=AT))


@pytest.mark.parametrize(
    ("when", "sees"), [(AT.replace(hour=13), False), (AT, True), (AT.replace(hour=15), True)]
)
def test_from_now_on_leaves_what_was_before_unseen(when: datetime, sees: bool) -> None:
    standing = Standing(frozenset({Role.THERAPIST}), (grant("measures", since=AT),))
    subject = Subject(Kind.MEASURES, CLINIC, WREN, at=when)
    assert bool(asks(staff(THERAPY), standing, Need(Kind.MEASURES), subject)) is sees
    assert asks(staff(THERAPY), standing, Need(Kind.IDENTITY), Subject(Kind.IDENTITY, CLINIC, WREN))


def test_an_answer_names_the_grant_only_where_it_rests_on_it() -> None:
    held = grant("schedule")
    standing = Standing(frozenset({Role.THERAPIST}), (held,))
    lent = asks(staff(THERAPY), standing, Need(Kind.SCHEDULE), Subject(Kind.SCHEDULE, CLINIC, WREN))
    own = asks(staff(THERAPY), standing, Need(Kind.SCHEDULE), Subject(Kind.SCHEDULE, THERAPY, WREN))
    assert lent == Yes(held.id)
    assert own == Yes(None)


def test_a_patient_reaches_their_own_wherever_it_is_kept_and_nobody_elses() -> None:
    wren = Actor(ActorKind.PERSON, "Wren", person=WREN, as_patient=True)
    for keeper in (CLINIC, THERAPY):
        assert asks(wren, Standing(), Need(Kind.SHARING, Act.SHARE), Subject(Kind.SHARING, keeper, WREN))
    assert not asks(wren, Standing(), Need(Kind.SHARING, Act.SEE), Subject(Kind.SHARING, CLINIC, NOOR))
    assert not asks(wren, Standing(), Need(Kind.CLINICAL, Act.ADD), clinical())


LINKS = [
    # purpose, kind, act, may?
    ("consent", Kind.CONSENT, Act.SIGN, True),
    ("consent", Kind.MEASURES, Act.ADD, False),
    ("measure", Kind.MEASURES, Act.ADD, True),
    ("measure", Kind.MEASURES, Act.SEE, False),
    ("measure", Kind.CONSENT, Act.SIGN, False),
    ("sign_in", Kind.IDENTITY, Act.SEE, False),
    ("no_such_purpose", Kind.IDENTITY, Act.SEE, False),
]


@pytest.mark.parametrize(("purpose", "kind", "act", "may"), LINKS)
def test_a_link_does_its_one_thing(purpose: str, kind: Kind, act: Act, may: bool) -> None:
    link = Actor(ActorKind.LINK, "link", organisation=CLINIC, bound=Bound(patient=WREN, purpose=purpose))
    assert bool(asks(link, Standing(), Need(kind, act), Subject(kind, CLINIC, WREN))) is may
    assert not asks(link, Standing(), Need(kind, act), Subject(kind, CLINIC, NOOR))


def test_a_tablet_sees_its_room_and_writes_nothing() -> None:
    room, other = uuid4(), uuid4()
    tablet = Actor(ActorKind.DEVICE, "Alder", organisation=CLINIC, bound=Bound(room=room))
    seen = Subject(Kind.CLINICAL, CLINIC, WREN, room=room)
    assert asks(tablet, Standing(), Need(Kind.CLINICAL), seen)
    assert not asks(tablet, Standing(), Need(Kind.CLINICAL), Subject(Kind.CLINICAL, CLINIC, WREN, room=other))
    assert not asks(tablet, Standing(), Need(Kind.CLINICAL, Act.ADD), seen)


def test_nobody_reaches_nothing() -> None:
    for nobody in (Actor(ActorKind.LINK, "nobody"), Actor(ActorKind.DEVICE, "tablet"), staff()):
        for kind in Kind:
            for act in Act:
                assert not asks(nobody, Standing(), Need(kind, act), Subject(kind, CLINIC, WREN))
