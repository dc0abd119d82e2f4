"""Each route walked through its pages, from the order to the way home, as a browser would send them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from openkap.demonstration.visit import WELL
from openkap.records.facts.dose import dose_now, parts_of
from openkap.records.models import Discharge, Draw, GivenPart, Order
from tests.at_step import ESCORT, Stage, _hold, at_step, morning, reading
from tests.integration.floor_visits import sent, visitor
from tests.people import NOW, cast
from tests.routes import ROUTES

pytestmark = pytest.mark.django_db
# What whoever reads the package of each nasal medicine must never meet on its pages.
NASAL = ("nasal_racemic", "esketamine")
STRANGERS = {
    "im": ("infusion", "spray", "sprays"),
    "sublingual": ("infusion", "vial", "drawn up", "spray", "sprays"),
    "oral": ("infusion", "vial", "drawn up", "spray", "sprays"),
    "nasal_racemic": ("spravato", "esketamine", "device"),
    "esketamine": ("racemic", "compounded", "bottle"),
}


@dataclass
class Walk:
    """One course by one route: its stage, the clock, and three people's browsers."""

    stage: Stage
    clock: time_machine.Traveller
    seen: list[str]

    def by(self, key: str) -> Client:
        return visitor(self.stage.people, key, self.stage.at)

    def later(self, **time: float) -> None:
        self.clock.move_to(self.stage.later(**time))

    @property
    def rooms(self) -> str:
        return f"/rooms/sessions/{self.stage.dose.id}/"

    def get(self, key: str, address: str) -> str:
        answer = self.by(key).get(address)
        assert answer.status_code == 200, address
        shown = answer.content.decode()
        self.seen.append(shown)
        return shown

    def post(self, key: str, address: str, **fields: Any) -> HttpResponse:
        answer: Any = self.by(key).post(address, sent(**{name: str(said) for name, said in fields.items()}))
        self.seen.append(answer.content.decode())
        return answer  # type: ignore[no-any-return]

    def done(self, key: str, address: str, **fields: Any) -> None:
        answer = self.post(key, address, **fields)
        assert answer.status_code == 302, said_of(answer)


def said_of(answer: HttpResponse) -> str:
    """Why a form came back."""
    errors = re.findall(
        r'class="(?:error|error-list)[^>]*>(.*?)</(?:p|ul|span|div)>', answer.content.decode(), re.S
    )
    return " | ".join(re.sub(r"<[^>]+>|\s+", " ", one) for one in errors)


@pytest.fixture(params=list(ROUTES))
def walk(request: pytest.FixtureRequest) -> Iterator[Walk]:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = at_step(cast(), "planned", route=request.param)
        clock.move_to(stage.at)
        yield Walk(stage, clock, [])


def test_a_dose_by_this_route_is_walked_page_by_page(walk: Walk) -> None:
    _ordered_and_prepared(walk)
    _asked_and_started(walk)
    _given_to_its_end(walk)
    _gone_home(walk)
    own_words = re.sub(r"<cite>.*?</cite>", " ", " ".join(walk.seen))  # a publication has the title it has
    shown = re.sub(r"<[^>]+>", " ", own_words).lower()
    for word in STRANGERS.get(walk.stage.route, ()):
        met = re.search(rf"\b{word}\b", shown)
        assert met is None, " ".join(shown[max(0, met.start() - 300) : met.end() + 100].split())


def _ordered_and_prepared(walk: Walk) -> None:
    stage, given = walk.stage, walk.stage.given
    order = f"/care/sessions/{stage.dose.id}/order/"
    page = walk.get("tamsin", order)
    fields = set(re.findall(r'name="([a-z_]+)"', page))
    assert set(given.wanted) <= fields
    stranger = "indication" if stage.route != "esketamine" else "unit_mg"
    assert stranger not in fields
    walk.post("tamsin", order, look="1", words=given.words, **given.wanted)
    assert "Sign this order" in walk.seen[-1] and not Order.objects.exists()
    walk.done("tamsin", order, words=given.words, **given.wanted)
    stage.order = Order.objects.get()
    short = {**given.hand, **({"units": 1} if "units" in given.hand else {"ml": "0.1"})}
    assert walk.post("jonah", walk.rooms + "draw/", order=stage.order.id, **short).status_code == 422
    walk.done("jonah", walk.rooms + "draw/", order=stage.order.id, **given.hand)
    draw = Draw.objects.get()
    walk.get("osric", walk.rooms + "confirm/")
    checked = {"order": stage.order.id, "draw": draw.id}
    if given.label:
        assert walk.post("osric", walk.rooms + "confirm/", **checked, label="saline").status_code == 422
    walk.done("osric", walk.rooms + "confirm/", **checked, label=given.label)


def _asked_and_started(walk: Walk) -> None:
    stage, told = walk.stage, morning(walk.stage)
    meal, at = told["meal"], stage.at
    answers = {name: told[name]["answer"] for name in ("identity", "health", "medicines", "taken", "kit")}
    zone = "%H:%M"
    hours = {"ate": (meal["ate_at"] - timedelta(hours=5)).strftime(zone), "drank": "06:00"}
    walk.done(
        "jonah", walk.rooms + "morning/", safety="none", meal_kind="light", touch="none",
        monitor=stage.people["jonah"].id, second=stage.people["tamsin"].id,
        escort_name=ESCORT["name"], escort_phone=ESCORT["phone"], **answers, **hours,
    )  # fmt: skip
    if stage.route == "esketamine":
        walk.done("tamsin", f"/team/doses/{stage.dose.id}/in/")
    assert stage.at == at
    reading(stage)
    walk.later(minutes=2)
    gate = walk.get("jonah", walk.rooms)
    version = re.search(r'name="version"[^>]*value="(\d+)"', gate)
    assert version is not None
    walk.done("jonah", walk.rooms + "start/", version=version[1], **stage.given.part)
    assert GivenPart.objects.exists() is (stage.route != "iv")


def _given_to_its_end(walk: Walk) -> None:
    stage = walk.stage
    walk.get("jonah", walk.rooms)
    if stage.route == "esketamine":
        early = walk.post("jonah", walk.rooms + "given/")
        assert early.status_code == 422 and "A device rests first" in walk.seen[-1]
        walk.later(minutes=5)
        assert "Device 2 is given" in walk.get("jonah", walk.rooms)
        walk.done("jonah", walk.rooms + "given/")
    if stage.route == "sublingual":
        assert walk.post("jonah", walk.rooms + "end/").status_code == 422
        walk.later(minutes=10)
        walk.get("jonah", walk.rooms + "hold/")
        walk.done("jonah", walk.rooms + "hold/", after_hold="spat")
        assert "held 10 minutes, spat out" in walk.get("jonah", walk.rooms)
    walk.get("jonah", walk.rooms + "given/")
    walk.later(minutes=40)
    reading(stage)
    walk.get("jonah", walk.rooms + "end/")
    walk.done("jonah", walk.rooms + "end/")


def _gone_home(walk: Walk) -> None:
    stage = walk.stage
    walk.later(minutes=stage.given.stays)
    reading(stage, cadss6=0)
    if stage.route != "esketamine":
        _hold(stage)
    words = {True: "yes", False: "no"}
    answers = {name: words[said] if isinstance(said, bool) else said for name, said in WELL.items()}
    nasal = {"resolved": "yes"} if stage.route in NASAL else {}
    page = walk.get("jonah", walk.rooms + "home/")
    assert ("Pressure at its time after the start" in page) is bool(nasal)
    who = {"escort_name": ESCORT["name"], "identified": "photo_id"}
    walk.done("jonah", walk.rooms + "home/", **answers, **nasal, **who)
    assert stage.fresh().dose.state == "done"
    _told_as_it_was(stage)
    walk.get("jonah", walk.rooms)
    walk.later(hours=24)
    walk.get("jonah", f"/care/sessions/{stage.dose.id}/call/")


def _told_as_it_was(stage: Stage) -> None:
    """The sum is of the parts, the end of the last; what is fixed is fixed for esketamine alone."""
    dose, parts = dose_now(stage.dose), parts_of(stage.dose)
    assert dose is not None and dose.mg == stage.order.mg
    if stage.route != "iv":
        assert sum(part.mg for part in parts) == dose.mg
        assert dose.ended_at == max(part.ended_at or part.at for part in parts)
    items = {item["item"]: item for item in Discharge.objects.get().items}
    assert all(item["met"] for item in items.values())
    watched = {"pressure_before", "pressure_middle", "pressure_leaving", "resolved"}
    nasal = stage.route in NASAL
    assert watched <= set(items) if nasal else not watched & set(items)
    assert not nasal or items["pressure_middle"]["fixed"] is (stage.route == "esketamine")
