"""Keeping the staff: who may ask whom in, what a link and a code open, and that nobody climbs by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from openkap.permits import Role
from openkap.records.ids import new_id
from openkap.records.models import Event, LicensedRole, Membership, Person, StaffInvitation, Task, User
from openkap.records.staff import staff_code_of
from openkap.steps.credentials import look_at_license
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.leaving import leave_practice
from openkap.steps.people import give_role
from openkap.steps.second_factor import let_back_in
from openkap.steps.staff import change_roles, invite_staff, invite_staff_again
from openkap.steps.staff_joining import (
    TRIES,
    NewColleague,
    guest_of,
    invitation_with,
    join_staff,
    show_staff_code,
)
from openkap.steps.tasks import finish_task
from tests.integration.clinic_desk import visiting
from tests.integration.door_visitors import PASSWORD, Visitor, account, app_for
from tests.people import NOW, SYSTEM, Cast
from tests.post import delivered

pytestmark = pytest.mark.django_db

ILSE = NewColleague("Ilse", "Farrow", "RN", "a long enough secret")
ALL = [role.value for role in Role]


def asked(
    people: Cast, by: str = "priya", roles: tuple[str, ...] = ("monitor",)
) -> tuple[StaffInvitation, str]:
    return invite_staff(
        by=people.by(by),
        at=NOW,
        organisation=people.clinic,
        name="Ilse Farrow",
        email="Ilse@Example.org",
        roles=roles,
    )


def joins(row: StaffInvitation, at: object = None) -> Person:
    return join_staff(
        by=guest_of(row, where="test"),
        at=at or NOW + timedelta(minutes=5),  # type: ignore[arg-type]
        invitation=row,
        newcomer=ILSE,
    )


def looked(people: Cast, person: Person, by: str = "osric") -> None:
    """Somebody else looks at the license behind each role that waits for it."""
    for row in LicensedRole.objects.filter(person=person, looked_at=None, ended_at=None):
        look_at_license(
            by=people.by(by),
            at=NOW + timedelta(minutes=9),
            asked=row,
            valid=True,
            words="State board, online",
        )


def roles_of(person: Person, people: Cast) -> set[str]:
    held = Membership.objects.filter(
        Membership.in_force(NOW + timedelta(days=1)), person=person, organisation=people.clinic
    )
    return set(held.values_list("role", flat=True))


def test_a_nurse_is_asked_and_joins_with_exactly_her_role(people: Cast) -> None:
    row, token = asked(people)
    (mail,) = delivered()
    assert mail.to == ["ilse@example.org"]
    assert token in mail.body
    assert staff_code_of(row) not in mail.body
    ilse = joins(row)
    assert roles_of(ilse, people) == set()
    looked(people, ilse)
    assert roles_of(ilse, people) == {"monitor"}
    assert ilse.user.email == "ilse@example.org"
    assert Event.objects.filter(verb="staff.joined", organisation=people.clinic).exists()


def test_an_invitation_opens_once_for_its_time_and_not_after_it_was_taken_back(people: Cast) -> None:
    row, _token = asked(people)
    joins(row)
    with pytest.raises(Refused):
        joins(row)
    late, _token = invite_staff(
        by=people.by("priya"),
        at=NOW,
        organisation=people.clinic,
        name="Bo",
        email="bo@example.org",
        roles=["monitor"],
    )
    with pytest.raises(Refused):
        joins(late, NOW + timedelta(days=7))
    with pytest.raises(Refused):  # the server's clock went back behind its making
        joins(late, NOW - timedelta(minutes=1))
    again, token = invite_staff_again(by=people.by("priya"), at=NOW, invitation=late)
    late.refresh_from_db()
    assert late.stands(NOW) == "ended"
    found = invitation_with(token)
    assert found is not None
    assert found.pk == again.pk


def test_five_wrong_codes_end_it(people: Cast) -> None:
    row, _token = asked(people)
    by = guest_of(row, where="test")
    assert show_staff_code(by=by, at=NOW, invitation=row, code=staff_code_of(row).lower())
    for _n in range(TRIES):
        assert not show_staff_code(by=by, at=NOW, invitation=row, code="AAAAAA")
    row.refresh_from_db()
    assert row.stands(NOW) == "ended"


@pytest.mark.parametrize(
    ("key", "roles", "may"),
    [
        ("priya", ALL, True),
        ("osric", ["monitor", "medical_director"], True),
        ("osric", ["administrator"], False),
        ("tamsin", ["monitor"], False),
        ("odette", ["front_desk"], False),
        ("mira", ["therapist"], False),
    ],
)
def test_who_may_ask_whom(people: Cast, key: str, roles: list[str], may: bool) -> None:
    if may:
        row, _token = asked(people, key, tuple(roles))
        assert set(row.roles) == set(roles)
        return
    with pytest.raises((Refused, NotPermitted)):
        asked(people, key, tuple(roles))
    assert not StaffInvitation.objects.exists()


def test_nobody_climbs_by_themselves_or_by_an_invitation_that_outlived_its_maker(people: Cast) -> None:
    priya, osric = people["priya"], people["osric"]
    with pytest.raises(Refused, match="to themselves"):
        change_roles(
            by=people.by("priya"),
            at=NOW,
            organisation=people.clinic,
            person=priya,
            roles=["administrator", "prescriber"],
        )
    with pytest.raises(Refused):
        give_role(
            by=people.by("osric"), at=NOW, organisation=people.clinic, person=osric, role=Role.ADMINISTRATOR
        )
    row, _token = asked(people, "priya", ("administrator",))
    Membership.objects.filter(person=priya, organisation=people.clinic).update(
        until=NOW + timedelta(minutes=1)
    )
    with pytest.raises(Refused):
        joins(row)


def test_the_last_administrator_stays_one(people: Cast) -> None:
    with pytest.raises(Refused, match="only administrator"):
        change_roles(
            by=SYSTEM, at=NOW, organisation=people.clinic, person=people["priya"], roles=["front_desk"]
        )


def test_somebody_else_is_asked_about_a_new_administrator(people: Cast) -> None:
    new = joins(asked(people, roles=("administrator",))[0])
    roles = {"organisation": people.clinic, "roles": ["front_desk", "administrator"]}
    change_roles(by=people.by("priya"), at=NOW, person=people["odette"], **roles)  # type: ignore[arg-type]
    owed = Task.objects.filter(what__startswith="admin_", role="medical_director")
    assert {task.what for task in owed} == {f"admin_{who.pk.hex}" for who in (new, people["odette"])}
    assert all("Priya Lindqvist made" in task.text for task in owed)
    finish_task(by=people.by("osric"), at=NOW, task=owed[0], outcome="We agreed on it")


def test_roles_change_at_once_and_what_only_they_could_do_is_given_on_first(people: Cast) -> None:
    change_roles(
        by=people.by("priya"),
        at=NOW,
        organisation=people.clinic,
        person=people["odette"],
        roles=["front_desk", "privacy_officer"],
    )
    assert roles_of(people["odette"], people) == {"front_desk", "privacy_officer"}
    with pytest.raises(Refused, match="still holds work"):  # he is on call on Saturday
        change_roles(
            by=people.by("priya"),
            at=NOW,
            organisation=people.clinic,
            person=people["osric"],
            roles=["privacy_officer"],
        )


def test_two_people_let_someone_back_in(people: Cast) -> None:
    user = account(people["jonah"])
    app_for(user)
    given = {"at": NOW, "organisation": people.clinic, "person": people["jonah"], "words": "Stood before me."}
    for second in ("priya", "jonah", "mira"):  # oneself, the one concerned, a stranger
        with pytest.raises(Refused):
            let_back_in(by=people.by("priya"), second=people.by(second), **given)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        let_back_in(by=people.by("tamsin"), second=people.by("osric"), **given)  # type: ignore[arg-type]
    row, token = let_back_in(by=people.by("priya"), second=people.by("osric"), **given)  # type: ignore[arg-type]
    user = User.objects.get(pk=user.pk)
    assert not user.has_usable_password()
    assert not user.authenticator_set.exists()
    assert (row.second, row.words) == (people["osric"], "Stood before me.")
    verbs = set(Event.objects.filter(by_person=people["osric"]).values_list("verb", flat=True))
    assert "second_factor.stood_beside" in verbs
    assert delivered()[-1].to == [user.email]
    with time_machine.travel(NOW, tick=False):
        browser = Visitor()
        page = reverse("staff-join", args=[token])
        browser.get(page)
        browser.post(page, {"code": staff_code_of(row)})
        browser.get(page)
        said = browser.post(
            page, {"password": "quite another long secret", "submission": browser.hidden("submission")}
        )
        assert said.headers["Location"] == reverse("mfa_index")
        assert browser.get("/rooms/").headers["Location"] == reverse("mfa_index")
        assert browser.get(page).status_code == 410


def test_the_pages_of_inviting_and_joining(people: Cast) -> None:
    with visiting("priya", NOW) as priya:
        page = reverse("lead-staff-invite")
        priya.get(page)
        said = {"submission": priya.hidden("submission"), "name": "Ilse Farrow", "email": "not an address"}
        assert priya.post(page, {**said, "roles": ["monitor"]}).status_code == 422
        assert "Ilse Farrow" in priya.page
        answer = priya.post(page, {**said, "email": "ilse@example.org", "roles": ["monitor"]})
        row = StaffInvitation.objects.get()
        assert answer.headers["Location"] == reverse("lead-staff-invitation", args=[row.pk])
        priya.get(answer.headers["Location"])
        assert staff_code_of(row) in priya.page
        token = delivered()[0].body.split("/staff/join/")[1].split("/")[0]
        newcomer, join = Visitor(), reverse("staff-join", args=[token])
        newcomer.get(join)
        assert "Priya" not in newcomer.page
        assert newcomer.post(join, {"code": "AAAAAA"}).status_code == 422
        newcomer.post(join, {"code": staff_code_of(row)})
        newcomer.get(join)
        words = {"submission": newcomer.hidden("submission"), "given_name": "Ilse", "family_name": "Farrow"}
        assert newcomer.post(join, {**words, "password": "short"}).status_code == 422
        before = newcomer.session.session_key
        done = newcomer.post(join, {**words, "password": PASSWORD})
        assert done.headers["Location"] == reverse("mfa_index")
        assert newcomer.session.session_key != before
        assert newcomer.get("/rooms/").headers["Location"] == reverse("mfa_index")
        assert Visitor().get(join).status_code == 410


def test_someone_known_to_this_site_joins_with_the_sign_in_they_have(people: Cast) -> None:
    user = account(people["mira"])
    row, _token = invite_staff(
        by=people.by("priya"),
        at=NOW,
        organisation=people.clinic,
        name="Mira",
        email=user.email,
        roles=["therapist"],
    )
    with pytest.raises(Refused, match="has a sign-in here already"):
        joins(row)
    with pytest.raises(Refused, match="is for"):
        account(people["theo"])
        join_staff(by=guest_of(row, where="t"), at=NOW, invitation=row, person=people["theo"])
    join_staff(by=guest_of(row, where="t"), at=NOW, invitation=row, person=people["mira"])
    looked(people, people["mira"])
    assert roles_of(people["mira"], people) == {"therapist"}
    assert User.objects.filter(person=people["mira"]).count() == 1


def test_whoever_left_comes_back_by_a_new_invitation_and_the_sign_in_they_had(people: Cast) -> None:
    user, priya = account(people["jonah"]), people.by("priya")
    leave_practice(
        by=priya, at=NOW, organisation=people.clinic, person=people["jonah"], from_at=NOW, given={}
    )
    assert roles_of(people["jonah"], people) == set()
    row, token = invite_staff(
        by=priya, at=NOW, organisation=people.clinic, name="Jonah", email=user.email, roles=["monitor"]
    )
    back, join = Visitor(), reverse("staff-join", args=[token])
    with time_machine.travel(NOW, tick=False):
        back.post(join, {"code": staff_code_of(row)})
        sign_in = back.get(join).headers["Location"]
        assert back.post(sign_in, {"login": user.email, "password": PASSWORD}).headers["Location"] == join
        assert back.get(join).status_code == 200
        back.post(join, {"submission": back.hidden("submission")})
        assert back.get("/rooms/").headers["Location"] == reverse("mfa_index")
    looked(people, people["jonah"])
    assert roles_of(people["jonah"], people) == {"monitor"}


def test_nobody_makes_themselves_a_clinician_by_a_second_mailbox(people: Cast) -> None:
    """A role that rests on a license counts once somebody other than its giver and its holder has looked."""
    row, _token = asked(people, "priya", ("front_desk",))
    ilse = joins(row)
    change_roles(
        by=people.by("priya"),
        at=NOW + timedelta(minutes=6),
        organisation=people.clinic,
        person=ilse,
        roles=["front_desk", "prescriber"],
    )
    assert roles_of(ilse, people) == {"front_desk"}
    with pytest.raises(Refused, match=r"Somebody else looks at the license: .*Osric"):
        looked(people, ilse, by="priya")
    Membership.objects.create(
        person=ilse, organisation=people.clinic, role="administrator", since=NOW - timedelta(days=1)
    )
    itself = people.by("priya")
    with pytest.raises(Refused, match="their own license"):
        look_at_license(
            by=replace(itself, person=ilse.pk, name=ilse.name),
            at=NOW,
            asked=LicensedRole.objects.get(),
            valid=True,
            words="x",
        )
    looked(people, ilse)
    assert roles_of(ilse, people) == {"front_desk", "prescriber", "administrator"}
    told = LicensedRole.objects.get()
    assert (told.looked_by, told.alone) == (people["osric"], False)


def test_a_license_looked_at_by_a_double_click_is_looked_at_once(people: Cast) -> None:
    ilse = joins(asked(people)[0])
    address = reverse("lead-staff-license", args=[LicensedRole.objects.get().id])
    with visiting("osric", NOW + timedelta(minutes=9)) as desk:
        desk.get(address)
        said = {"submission": desk.hidden("submission"), "valid": "1", "words": "State board, online"}
        assert [desk.post(address, said).status_code for _twice in range(2)] == [302, 302]
        late = desk.post(address, {**said, "submission": new_id()})
        assert late.status_code == 422 and "settled already" in desk.page
        assert desk.get(address).status_code == 404
    assert roles_of(ilse, people) == {"monitor"}


def test_where_nobody_else_keeps_the_staff_the_giver_looks_alone_and_it_is_told(people: Cast) -> None:
    ilse = joins(asked(people)[0])
    Membership.objects.filter(person=people["osric"], organisation=people.clinic).update(until=NOW)
    looked(people, ilse, by="priya")
    assert roles_of(ilse, people) == {"monitor"} and LicensedRole.objects.get().alone
    assert Event.objects.filter(verb="role.license_looked_at_alone").count() == 1
