"""What became of a group: who came back, who responded, who got worse, and how large the change was.

Decided here: who is counted. Those without a second score are told first and are in no rate; a first score
of nought has no response and is told as left out. Each named rule gives its own count of better and worse.
A group is described, never ranked, and never compared with another without its interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openkap.medicine.instruments import Change, change
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.medicine.instruments.jacobson import Norm
from openkap.medicine.outcomes.effect import Paired, paired
from openkap.medicine.outcomes.proportion import Proportion, proportion

Pair = tuple[Value, Value | None]


@dataclass(frozen=True, slots=True)
class Cohort:
    """`worse` and `better` are by each named rule; `categories` are Jacobson and Truax's, with norms only.

    `effect` is None with fewer than three people, or where everyone changed alike.
    """

    instrument: str
    version: str
    followed: Proportion
    without_response: int
    response: Proportion
    partial_response: Proportion
    remission: Proportion
    better: Mapping[str, Proportion]
    worse: Mapping[str, Proportion]
    categories: Mapping[str, int]
    effect: Paired | None


def cohort(
    form: Instrument,
    pairs: Sequence[Pair],
    *,
    sd: float | None = None,
    reliability: float | None = None,
    norms: tuple[Norm, Norm] | None = None,
    ill_at_first: bool = False,
) -> Cohort:
    """Describe a group by its first and last scores. Raises `BadAnswer` for a score that cannot be."""
    both = [(pre, post) for pre, post in pairs if post is not None]
    changes = [
        change(form, pre, post, sd, reliability, norms=norms, ill_at_first=ill_at_first) for pre, post in both
    ]
    judged = [found for found in changes if found.response is not None]
    rules = dict.fromkeys(ruling.rule for found in changes for ruling in found.rules)
    remitted = [found.remission for found in changes if found.remission is not None]
    return Cohort(
        instrument=form.id,
        version=form.version,
        followed=proportion(len(both), len(pairs)),
        without_response=len(changes) - len(judged),
        response=proportion(sum(found.response is True for found in judged), len(judged)),
        partial_response=proportion(sum(found.partial_response is True for found in judged), len(judged)),
        remission=proportion(sum(remitted), len(remitted)),
        better={rule: _by(changes, rule, "improved") for rule in rules},
        worse={rule: _by(changes, rule, "deteriorated") for rule in rules},
        categories=dict(Counter(found.jt.category for found in changes if found.jt is not None)),
        effect=_effect(both),
    )


def _by(changes: Sequence[Change], rule: str, verdict: str) -> Proportion:
    said = [ruling.verdict for found in changes for ruling in found.rules if ruling.rule == rule]
    return proportion(said.count(verdict), len(said))


def _effect(both: Sequence[tuple[Value, Value]]) -> Paired | None:
    before, after = [float(pre) for pre, _ in both], [float(post) for _, post in both]
    if len(both) < 3 or len(set(before)) < 2 or len(set(after)) < 2:
        return None
    try:
        return paired(before, after)
    except ValueError:
        return None
