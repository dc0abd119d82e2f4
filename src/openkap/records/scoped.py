"""The same Scope as a query: what an actor may see, as rows.

Decided here: this is the only place where permission becomes SQL. No view, list, search, feed or
export filters on its own; a property test holds `scoped` and `decide` equal
(docs/adr/0005-one-scope.md).
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from openkap.permits import Act, Need, Reach, Scope

M = TypeVar("M", bound=Model)

NOTHING = Q(pk__in=())


def scoped(rows: QuerySet[M], scope: Scope, act: Act = Act.SEE) -> QuerySet[M]:
    """Those of `rows` upon which this Scope allows `act`."""
    return rows.filter(within(rows.model, scope, act))


def within(model: type[Any], scope: Scope, act: Act = Act.SEE) -> Q:
    """The Scope as a condition on `model`."""
    reaches = scope.allowing(Need(model.PATHS.kind, act))
    return reduce(or_, (_of(model, reach) for reach in reaches), NOTHING)


def _of(model: type[Any], reach: Reach) -> Q:
    paths = model.PATHS
    condition = Q()
    for part in ("keeper", "patient", "course", "session", "room", "author", "house"):
        wanted = getattr(reach, part)
        if wanted is None:
            continue
        lookup = paths.lookup(part)
        if lookup is None:
            return NOTHING
        condition &= Q(**{lookup: wanted})
    if reach.since is not None:
        lookup = paths.lookup("at")
        if lookup is None:
            return NOTHING
        condition &= Q(**{f"{lookup}__gte": reach.since})
    return condition or Q(pk__isnull=False)
