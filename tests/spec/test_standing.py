"""Every line of the tables of licenses and certificates, and what an ended one refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openkap.medicine.rules import library
from openkap.medicine.standing import Held, ends_soon, kind_of, kinds, last_day_of, refused, stands, state_of
from tests.spec.tables import Line, lines

TODAY = date(2027, 3, 2)


@pytest.mark.parametrize("line", lines("standing"), ids=str)
def test_a_paper_stands_as_its_table_says(line: Line) -> None:
    kind = library().rule(line.rule).words["kind"]
    last = date.fromisoformat(line["last day"]) if line["last day"] else None
    one, on = Held(kind, last, line["looked"]), date.fromisoformat(line["on"])
    assert state_of(one, on) == line["state"]
    assert ends_soon(one, on) is (line["told"] == "yes")
    if line["given on"]:
        holds_to = last_day_of(kind, date.fromisoformat(line["given on"]))
        assert (holds_to.isoformat() if holds_to else "") == line["holds to"]


@pytest.mark.parametrize(
    ("act", "kind", "refuses"),
    [
        ("order", "license", True),
        ("order", "dea", True),
        ("order", "acls", False),
        ("decide", "license", True),
        ("decide", "dea", False),
        ("on_site", "license", True),
        ("on_site", "dea", False),
    ],
)
def test_what_an_ended_one_refuses(act: str, kind: str, refuses: bool) -> None:
    ended, runs = Held(kind, TODAY - timedelta(days=1), "valid"), Held(kind, TODAY, "valid")
    found = refused(act, (ended,), TODAY)
    assert (found is not None) is refuses
    assert found is None or found[0].words["kind"] == kind
    assert refused(act, (ended, runs), TODAY) is None
    assert (refused(act, (Held(kind, None, "not_valid"),), TODAY) is not None) is refuses


def test_what_is_missing_or_not_looked_at_refuses_no_act_by_itself() -> None:
    assert refused("order", (), TODAY) is None
    assert refused("order", (Held("license", TODAY),), TODAY) is None


def test_of_several_the_best_and_the_last_counts() -> None:
    first, second = Held("license", TODAY, "valid"), Held("license", TODAY + timedelta(days=9), "valid")
    assert stands((first, second), ("license",), TODAY).best == second
    assert stands((Held("license", None, "not_valid"), first), ("license",), TODAY).state == "valid"


def test_every_kind_says_what_an_ended_one_holds_and_an_unheard_of_one_is_another() -> None:
    assert all(rule.words["about"] and rule.words["ended"] and rule["told"] for rule in kinds())
    assert kind_of("unheard of").id == "P-OTHER"
