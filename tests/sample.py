"""What a sample of an address is: who opens it, on what, and what may be asked of it.

Kinds and acts say what a page needs, so that the matrix can ask `decide` for the answer it expects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openkap.permits import Act, Kind, Need
from tests.scene import Scene


class Kwargs:
    """What an address is filled with, for one patient: nothing, or the pk of one of their rows."""

    def __init__(
        self, parameter: str = "", row: Callable[[Scene, str], Any] | None = None, /, **more: Any
    ) -> None:
        self.parameter, self.find, self.more = parameter, row, more

    def __call__(self, scene: Scene, key: str) -> dict[str, Any] | None:
        if self.find is None:
            return dict(self.more)
        row = self.find(scene, key)
        return {self.parameter: row.pk, **self.more} if row is not None else None

    def row(self, scene: Scene, key: str) -> Any:
        return self.find(scene, key) if self.find is not None else None


def of_patient(parameter: str, rows: Callable[[], Any], /, **more: Any) -> Kwargs:
    return Kwargs(parameter, lambda scene, key: scene.one(rows(), key), **more)


def of_session(phase: str, **more: Any) -> Kwargs:
    return Kwargs("session", lambda scene, key: scene.session(key, phase), **more)


NOTHING = Kwargs()


@dataclass(frozen=True)
class Sample:
    """One address. `persona` opens it rightfully, on `patient`'s row; `needs` is what it asks of Scope for
    that row, `holds` what the visitor's role must include at all.

    `post` marks addresses that only answer POST; `shown` those worth a picture; `about` finds the row that
    permission is asked for where it is not the one in the address; `also` are answers besides 200 that
    a permitted visitor may get here (a form refused in words, a page of another stage). `signed_in` is for
    staff and patients alike; `by_password` for those who signed in with one, which no persona has: the
    door's own tests go there. `visited` is False where a test client cannot go, as into a stream.
    """

    persona: str = ""
    kwargs_of: Kwargs = NOTHING
    patient: str = "wren"
    needs: tuple[Need, ...] = ()
    holds: tuple[Need, ...] = ()
    signed_in: bool = False
    not_for: str = ""
    by_password: bool = False
    visited: bool = True
    data: dict[str, str] = field(default_factory=dict)
    about: Callable[[Scene, str], Any] | None = None
    also: frozenset[int] = frozenset()
    post: bool = False
    size: str = "desk"
    theme: str = "day"
    shown: bool = True

    def row(self, scene: Scene, key: str) -> Any:
        """The patient's row that this address is about, where it is about one."""
        return self.kwargs_of.row(scene, key)

    def kwargs(self, scene: Scene) -> dict[str, Any]:
        found = self.kwargs_of(scene, self.patient)
        assert found is not None, "the sample's own patient has no such row"
        return found


def see(*kinds: Kind) -> tuple[Need, ...]:
    return tuple(Need(kind) for kind in kinds)


def act(kind: Kind, act: Act, *seen: Kind) -> tuple[Need, ...]:
    """To do something, and to see what it is done on."""
    return (*see(*seen), Need(kind, act))


def doing(persona: str, kwargs: Kwargs, *seen: Kind, **more: Any) -> Sample:
    """An address that only answers POST. It is sent empty: whoever sees the page is told what is missing,
    and nothing is done; who may do it is asked by the step, and told by the steps' own tests."""
    return Sample(persona, kwargs, needs=see(*seen), post=True, shown=False, **more)


def anyone(**more: Any) -> Sample:
    return Sample(**more)
