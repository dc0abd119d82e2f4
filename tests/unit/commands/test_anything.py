"""Whatever a file holds, a command answers or tells why not: it never breaks off."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.commands.answers import openkap

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
forms = st.sampled_from(["phq9", "phq2", "gad7", "pcl5", "cssrs_recent", "cssrs_slc"]) | values
items = st.sampled_from([*map(str, range(1, 21)), "6_lifetime", "6_3months"])
contexts = st.dictionaries(
    st.sampled_from(["previous_answers", "previous_total", "baseline_total", "on_site_for_dosing"]), values
)
scorings = st.fixed_dictionaries(
    {"instrument": forms, "answers": st.dictionaries(items, st.integers(-1, 5) | values) | values},
    optional={"context": contexts | values},
)
changes = st.fixed_dictionaries(
    {"instrument": forms, "pre": st.integers(0, 30) | values, "post": st.integers(0, 30) | values},
    optional={"sd": values, "reliability": values},
)


def check_answered(command: str, case: Any, *options: str) -> None:
    done = openkap(command, *options, given=json.dumps(case))
    assert done.status in (0, 1, 2)
    if done.status == 2:
        assert done.err.count("\n") == 1
    elif not options:
        assert len(done.objects) == 1
        assert ("error" in done.objects[0]) is (done.status == 1)


@given(scorings)
def test_any_form_is_scored_or_told(case: Any) -> None:
    check_answered("score", case)
    check_answered("score", case, "--explain")


@given(changes)
def test_any_change_is_judged_or_told(case: Any) -> None:
    check_answered("change", case)
    check_answered("change", case, "--explain")


@given(st.dictionaries(st.sampled_from(["at", "route", "history", "vitals", "labs", "medications"]), values))
def test_any_case_is_screened_or_told(case: Any) -> None:
    check_answered("screen", case)


@given(st.sampled_from(["score", "change", "screen"]), st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_read_or_told(command: str, content: bytes | str) -> None:
    given_ = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    done = openkap(command, given=given_)
    assert done.status in (0, 1, 2)
    assert (done.err != "") is (done.status == 2)
