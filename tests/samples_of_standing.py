"""Samples of the addresses of licenses, certificates and their ends."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from openkap.permits import Act, Kind, Need
from openkap.records.models import Credential, CredentialCheck
from tests.sample import Kwargs, Sample, see
from tests.scene import Scene

KEEP_STAFF = (Need(Kind.STAFF, Act.ADD),)


def _held(scene: Scene, _key: str) -> Any:
    return Credential.objects.filter(person=scene.people["jonah"], kind="acls").first()


def _look(scene: Scene, _key: str) -> Any:
    return CredentialCheck.objects.filter(credential=_held(scene, "")).first()


def _clinic(scene: Scene, _key: str) -> Any:
    return scene.people.clinic


JONAH = Kwargs("person", lambda scene, key: scene.people["jonah"])

STANDING: dict[str, Sample] = {
    "lead-standing": Sample("osric", holds=see(Kind.STAFF)),
    "lead-standing-person": Sample("osric", JONAH, needs=see(Kind.STAFF), about=_clinic),
    "lead-standing-look": Sample("osric", Kwargs("credential", _held), needs=KEEP_STAFF),
    "lead-standing-correct": Sample("osric", Kwargs("credential", _held), needs=KEEP_STAFF),
    "account-licenses": Sample("tamsin"),
    # One's own that nobody looked at: the scene has none, and the tests of the page write one.
    "account-license": Sample("tamsin", Kwargs(credential=uuid4()), visited=False, shown=False),
    "lead-standing-undo": Sample("osric", Kwargs("check", _look), needs=KEEP_STAFF),
}
