"""The published screening examples, through the command."""

from __future__ import annotations

import json

from tests.real.data import read_json
from tests.unit.commands.answers import openkap


def test_every_example_gives_the_verdict_and_the_rules_it_names() -> None:
    examples = read_json("screen_examples.json")
    given = "\n".join(json.dumps(example["input"]) for example in examples)
    answered = openkap("screen", given=given)
    assert answered.status == 0
    for example, answer in zip(examples, answered.objects, strict=True):
        found = {finding["rule"] for finding in answer["findings"]}
        assert answer["verdict"] == example["expect"]["verdict"], example["note"]
        assert set(example["expect"]["rules"]) <= found, example["note"]
        assert found & set(example["expect"]["absent"]) == set(), example["note"]
