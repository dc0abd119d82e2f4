"""Every line of the giving tables: what a package says, whole units, holds, parts, and esketamine's weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from openkap.medicine.dosing import Route, Unusable
from openkap.medicine.dosing.draw import Asked, InHand, draw
from openkap.medicine.dosing.giving import (
    check_after_hold,
    check_hold,
    in_parts,
    may_follow,
    part_amount,
    rest_until,
    sprays,
    waits,
)
from openkap.medicine.dosing.products import check_label, product_of, strange_strength, units_in
from openkap.medicine.dosing.schedule import indications, missed_words, schedule_words
from tests.spec.tables import Line, lines

AT = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)
D = Decimal


def told(line: Line) -> str:
    """What the library says of one line: taken, or why not."""
    try:
        match line.rule:
            case "A-UNITS":
                each = D(line["each"]) if line["each"] else None
                return str(units_in(line["route"], D(line["mg"]), each))
            case "A-HOLD":
                check_hold(int(line["minutes"]) if line["minutes"] else None)
                check_after_hold(line["said"])
            case "A-ESK-TRD" | "A-ESK-MDSI":
                first = date(2027, 1, 1)
                return schedule_words(
                    line["for"], first, first + timedelta(days=int(line["days since the first"]))
                )
            case "A-ESK-MISSED":
                on = date(2027, 6, 1)
                first, last = (
                    on - timedelta(days=int(line[f"days since the {n}"])) for n in ("first", "last")
                )
                return missed_words(line["for"], first, last, on) or "nothing"
            case "A-STRENGTHS":
                return strange_strength(D(line["mg/mL"])) or "nothing"
            case _:
                check_label(line["route"], line["label"])
    except Unusable as unusable:
        return unusable.sentence
    return "taken"


@pytest.mark.parametrize("line", lines("giving"), ids=str)
def test_the_row_says_what_the_table_says(line: Line) -> None:
    if line.rule == "A-FURTHER":
        assert may_follow(line["route"]) is (line["may follow"] == "yes")
        if line["reason under"]:
            assert waits(line["route"]) == (D(line["reason under"]), D(line["refused under"]))
        return
    assert (line["told"] or line["gives"]).lower() in told(line).lower()
    if line["asks"]:
        assert bool(product_of(line["route"]).asks) is (line["asks"] == "yes")
    if line["counts"]:
        assert product_of(line["route"]).counted(2) == line["counts"]


def test_a_refused_name_is_never_said_back() -> None:
    for label in ("Spravato", "esketamine device", "Spravato ketamine"):
        with pytest.raises(Unusable) as caught:
            check_label(Route.NASAL_RACEMIC, label)
        assert not {"spravato", "esketamine", "device"} & set(str(caught.value).lower().split())


def test_no_word_of_one_nasal_medicine_stands_with_the_other() -> None:
    racemic, labelled = product_of("nasal_racemic"), product_of("esketamine")
    own = f"{racemic.name} {racemic.short} {racemic.one} {racemic.asks} {racemic.ordered}".lower()
    other = f"{labelled.name} {labelled.short} {labelled.one} {labelled.asks} {labelled.ordered}".lower()
    assert not {"spravato", "esketamine", "device"} & set(own.replace(",", " ").split())
    assert not {"racemic", "compounded", "bottle"} & set(other.split())


@pytest.mark.parametrize(
    ("route", "asked", "hand", "told"),
    [
        ("sublingual", {"unit_mg": D(100)}, {"unit_mg": D(100), "units": 2}, ""),
        ("sublingual", {"unit_mg": D(100)}, {"unit_mg": D(50), "units": 4}, "for tablets of 100 mg"),
        ("sublingual", {"unit_mg": D(100)}, {"unit_mg": D(100), "units": 1}, "1 tablet of 100 mg is 100 mg"),
        ("sublingual", {"unit_mg": D(100)}, {"unit_mg": D(100), "units": 3}, "3 tablets of 100 mg is 300 mg"),
        ("sublingual", {"unit_mg": D(100)}, {"unit_mg": D(100)}, "Say how many tablets"),
        ("im", {"strength": D(50)}, {"strength": D(50), "ml": D(4)}, ""),
        ("im", {"strength": D(50)}, {"strength": D(100), "ml": D(2)}, "vial of 50 mg/mL"),
    ],
)  # fmt: skip
def test_what_is_laid_out_is_what_is_ordered(
    route: str, asked: dict[str, Decimal], hand: dict[str, Decimal], told: str
) -> None:
    order, held = Asked(mg=D(200), **asked), InHand(**hand)  # type: ignore[arg-type]
    if not told:
        assert draw(route, order, held).mg == 200
        return
    with pytest.raises(Unusable, match=told):
        draw(route, order, held)


def test_a_racemic_spray_needs_its_strength_its_sprays_and_its_name() -> None:
    asked = Asked(mg=D(40), strength=D(100), unit_mg=D(10))
    hand = {"strength": D(100), "unit_mg": D(10), "units": 4}
    assert draw("nasal_racemic", asked, InHand(**hand, label="Ketamine spray")).units == 4  # type: ignore[arg-type]
    for change in ({"strength": D(50)}, {"strength": None}, {"unit_mg": D(5)}, {"units": 5}):
        with pytest.raises(Unusable):
            draw("nasal_racemic", asked, InHand(**(hand | change), label="Ketamine spray"))  # type: ignore[arg-type]
    with pytest.raises(Unusable, match="not the medicine ordered"):
        draw("nasal_racemic", asked, InHand(**hand, label="Spravato"))  # type: ignore[arg-type]


def test_esketamine_is_laid_out_in_devices_by_its_name() -> None:
    asked = Asked(mg=D(84))
    assert draw("esketamine", asked, InHand(units=3, label="Spravato")).arithmetic[0].endswith("3 devices")
    with pytest.raises(Unusable, match="2 devices of 28 mg is 56 mg"):
        draw("esketamine", asked, InHand(units=2, label="Spravato"))
    with pytest.raises(Unusable, match="not the medicine ordered"):
        draw("esketamine", asked, InHand(units=3, label="Ketamine nasal spray, racemic"))


def test_a_part_is_never_more_than_is_left() -> None:
    assert part_amount("im", D(50)).mg == 50
    assert part_amount("im", D(50), mg=D(20)).mg == 20
    with pytest.raises(Unusable, match="more than the 50 mg left"):
        part_amount("im", D(50), mg=D("50.01"))
    assert part_amount("sublingual", D(200), unit_mg=D(100)).units == 2
    assert part_amount("sublingual", D(200), unit_mg=D(100), units=1).mg == 100
    with pytest.raises(Unusable, match=r"2 tablets\) left"):
        part_amount("sublingual", D(200), unit_mg=D(100), units=3)
    with pytest.raises(Unusable, match="Say how many tablets"):
        part_amount("oral", D(200), unit_mg=D(100), units=0)


def test_one_device_at_a_time_with_five_minutes_of_rest() -> None:
    assert part_amount("esketamine", D(84), unit_mg=D(28)).units == 1
    with pytest.raises(Unusable, match="One device at a time"):
        part_amount("esketamine", D(84), unit_mg=D(28), units=2)
    assert rest_until("esketamine", AT) == AT + timedelta(minutes=5)
    assert rest_until("nasal_racemic", AT) is None


def test_sprays_go_by_nostril() -> None:
    assert sprays(None, None, 5) == (3, 2)
    assert sprays(2, 0, 5) == (2, 0)
    for left, right in ((0, 0), (3, 3), (-1, 2)):
        with pytest.raises(Unusable):
            sprays(left, right, 5)


def test_every_route_but_the_vein_is_kept_in_parts() -> None:
    assert [route for route in Route if not in_parts(route)] == [Route.IV]
    assert list(indications()) == ["trd", "mdsi"]
