"""Licenses and certificates: what an ended one holds, who looks, what stays, and what is told before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from openkap.medicine.course.gate import ready
from openkap.medicine.verdict import Finding
from openkap.permits import Role
from openkap.records.facts.gate import day_of
from openkap.records.facts.standing import held_by
from openkap.records.models import Credential, CredentialCheck, LicensedRole, Task
from openkap.steps.credentials import look_at_license
from openkap.steps.dose import start_dose
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.order import order_dose
from openkap.steps.readiness import go_ahead
from openkap.steps.staff import change_roles
from openkap.steps.standing import (
    correct_credential,
    look_at_credential,
    take_away_credential,
    take_back_look,
    write_credential,
)
from openkap.steps.standing_ends import tell_of_ends
from openkap.steps.tasks import finish_task
from tests.at_step import Stage, at_step
from tests.people import NOW, SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def people() -> Cast:
    return cast()


def paper_of(people: Cast, key: str, kind: str) -> Credential:
    found: Credential = Credential.objects.current(NOW + timedelta(days=99)).get(
        person=people[key], organisation=people.clinic, kind=kind
    )
    return found


def ends(people: Cast, key: str, kind: str, last_day: date, at: Any = NOW) -> Credential:
    """Corrected by whoever keeps the staff, and looked at."""
    row = paper_of(people, key, kind)
    again = correct_credential(
        by=people.by("priya"), at=at, credential=row, reason="Read again", number=row.number,
        state=row.state, expires_on=last_day,
    )  # fmt: skip
    look_at_credential(by=people.by("priya"), at=at, credential=again, valid=True, where="The card")
    return again


def line(stage: Stage, rule: str) -> Finding:
    return next(f for f in ready(day_of(stage.dose, stage.at)).findings if f.rule == rule)


def start(stage: Stage) -> None:
    start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, **stage.given.part)


@pytest.mark.parametrize(
    ("key", "kind", "rule"), [("tamsin", "license", "R-LICENSE"), ("tamsin", "dea", "R-DEA")]
)
def test_an_ended_paper_stops_the_dose_until_a_renewed_one_was_looked_at(
    people: Cast, key: str, kind: str, rule: str
) -> None:
    stage = at_step(people, "arrived")
    assert line(stage, rule).level.value == "clear"
    ends(people, key, kind, TODAY - timedelta(days=1), stage.at)
    assert line(stage, rule).level.value == "stop" and "March 8, 2027" in line(stage, rule).because
    with pytest.raises(Refused, match="March 8, 2027"):
        start(stage)
    with pytest.raises(Refused, match="Write down the renewed one"):
        order_dose(
            by=people.by("tamsin"), at=stage.at, session=stage.dose, instead_of=stage.order.id,
            **stage.given.wanted,
        )  # fmt: skip
    renewed = write_credential(
        by=people.by(key), at=stage.at, organisation=people.clinic, person=people[key], kind=kind,
        number="NEW-1", state="Oregon", expires_on=TODAY + timedelta(days=700),
    )  # fmt: skip
    assert (line(stage, rule).level.value, line(stage, rule).override) == ("hold", "medical_director")
    with pytest.raises((Refused, NotPermitted)):
        look_at_credential(by=people.by(key), at=stage.at, credential=renewed, valid=True, where="Mine")
    look_at_credential(by=people.by("osric"), at=stage.at, credential=renewed, valid=True, where="The board")
    assert line(stage, rule).level.value == "clear"
    start(stage)


def test_the_license_of_who_watches_is_asked_too(people: Cast) -> None:
    stage = at_step(people, "arrived")
    row = paper_of(people, "jonah", "license")
    look_at_credential(
        by=people.by("osric"), at=stage.at, credential=row, valid=False, where="Not on the list"
    )
    assert line(stage, "R-LICENSE").level.value == "stop" and "Jonah" in line(stage, "R-LICENSE").because
    check = CredentialCheck.objects.filter(credential=row, found="not_valid").get()
    take_back_look(by=people.by("osric"), at=stage.at, check=check, because="Another Jonah")
    assert line(stage, "R-LICENSE").level.value == "clear"
    with pytest.raises(Refused, match="already"):
        take_back_look(by=people.by("osric"), at=stage.at, check=check, because="Again")


def test_where_nobody_has_acls_any_more_the_director_may_go_ahead(people: Cast) -> None:
    stage = at_step(people, "arrived")
    for key in ("tamsin", "jonah"):
        ends(people, key, "acls", TODAY - timedelta(days=1), stage.at)
    with pytest.raises(Refused, match="ACLS"):
        start(stage)
    because = line(stage, "R-ACLS").because
    with pytest.raises(Refused, match="medical director"):
        go_ahead(by=people.by("tamsin"), at=stage.at, session=stage.dose, rule="R-ACLS", words="I may")
    go_ahead(
        by=people.by("osric"), at=stage.at, session=stage.dose, rule="R-ACLS", words="Two have it next door.",
        because=because,
    )  # fmt: skip
    assert line(stage, "R-ACLS").level.value == "caution"
    start(stage)


def test_what_was_never_written_down_is_unknown_and_holds(people: Cast) -> None:
    stage = at_step(people, "arrived")
    take_away_credential(
        by=people.by("priya"), at=stage.at, credential=paper_of(people, "tamsin", "dea"), reason="Not hers"
    )
    assert line(stage, "R-DEA").level.value == "unknown"
    with pytest.raises(Refused, match="DEA"):
        start(stage)


def test_nobody_renews_themselves_and_what_stood_stays(people: Cast) -> None:
    row, by = paper_of(people, "jonah", "bls"), people.by("jonah")
    with pytest.raises(Refused, match="colleague has looked"):
        correct_credential(by=by, at=NOW, credential=row, reason="Newer", expires_on=TODAY)
    with pytest.raises(NotPermitted):
        write_credential(
            by=by, at=NOW, organisation=people.clinic, person=people["tamsin"], kind="acls", number="1"
        )
    with pytest.raises(NotPermitted):
        write_credential(
            by=people.by("mira"), at=NOW, organisation=people.clinic, person=people["jonah"], kind="acls"
        )
    again = ends(people, "jonah", "bls", TODAY + timedelta(days=3))
    with pytest.raises(Stale):
        look_at_credential(by=people.by("osric"), at=NOW, credential=row, valid=True, where="Late")
    for change in (
        lambda: Credential.objects.filter(pk=row.pk).update(expires_on=TODAY),
        lambda: CredentialCheck.objects.filter(credential=again).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        ({"kind": "fame"}, "kind"),
        ({"kind": "license", "state": "Oregon"}, "number"),
        ({"kind": "license", "number": "1"}, "state"),
        ({"kind": "other"}, "note"),
        ({"kind": "acls", "issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"kind": "acls", "expires_on": date(26, 5, 1)}, "expires_on"),
        ({"kind": "acls", "issued_on": TODAY, "expires_on": TODAY - timedelta(days=1)}, "expires_on"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(people: Cast, paper: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        write_credential(
            by=people.by("jonah"), at=NOW, organisation=people.clinic, person=people["jonah"], **paper
        )
    assert refusal.value.field == field


def test_a_card_without_a_last_day_holds_as_long_as_its_kind(people: Cast) -> None:
    row = write_credential(
        by=people.by("jonah"), at=NOW, organisation=people.clinic, person=people["jonah"], kind="acls",
        issued_on=date(2026, 2, 3),
    )  # fmt: skip
    assert row.expires_on == date(2028, 2, 29)


def test_what_one_writes_down_waits_on_a_colleagues_list(people: Cast) -> None:
    row = write_credential(
        by=people.by("osric"), at=NOW, organisation=people.clinic, person=people["osric"], kind="bls"
    )
    task = Task.objects.get(what=f"paper_{row.pk.hex}")
    assert task.role == Role.ADMINISTRATOR.value  # the director is himself, and nobody else directs here
    with pytest.raises(Refused):
        finish_task(by=SYSTEM, at=NOW, task=task, outcome="Fine")
    look_at_credential(by=people.by("priya"), at=NOW, credential=row, valid=True, where="The card")
    task.refresh_from_db()
    assert task.done_at == NOW


def test_before_one_ends_two_people_are_told_once_and_a_renewal_closes_it(people: Cast) -> None:
    row = ends(people, "jonah", "acls", TODAY + timedelta(days=61))
    assert tell_of_ends(by=SYSTEM, at=NOW) == 0
    for _twice in range(2):
        assert tell_of_ends(by=SYSTEM, at=NOW + timedelta(days=1)) == 1
    mine, keeps = (Task.objects.get(what=f"{code}{row.pk.hex}") for code in ("renew_", "ends_"))
    assert (mine.owner, keeps.role) == (people["jonah"], Role.MEDICAL_DIRECTOR.value)
    assert "May 9, 2027" in mine.text and "Jonah" in keeps.text
    later = write_credential(
        by=people.by("jonah"), at=NOW, organisation=people.clinic, person=people["jonah"], kind="acls",
        expires_on=TODAY + timedelta(days=700),
    )  # fmt: skip
    look_at_credential(by=people.by("osric"), at=NOW, credential=later, valid=True, where="The card")
    tell_of_ends(by=SYSTEM, at=NOW + timedelta(days=2))
    assert not Task.objects.filter(what__in=(mine.what, keeps.what), done_at=None).exists()


@pytest.mark.parametrize("written", [True, False])
def test_a_look_at_the_license_behind_a_role_is_a_license_that_was_looked_at(
    people: Cast, written: bool
) -> None:
    change = {"organisation": people.clinic, "person": people["odette"]}
    change_roles(by=people.by("priya"), at=NOW, roles=["front_desk", "monitor"], **change)
    seen = {"number": "RN-7", "state": "Oregon", "last_day": TODAY} if written else {}
    look_at_license(
        by=people.by("osric"), at=NOW, asked=LicensedRole.objects.get(), valid=True, words="The board", **seen
    )
    held = held_by([people["odette"].pk], people.clinic.pk, NOW)
    [only] = held[people["odette"].pk]
    assert (only.kind, only.last_day, only.looked) == ("license", TODAY if written else None, "valid")
