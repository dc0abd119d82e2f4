"""`openkap play SESSION --by MAIL [--recording NAME|FILE.csv] [--speed N]`: numbers into a room.

On a demonstration site only. Plays on until the recording ends or Ctrl-C; every number is marked as
played. Exit 2 with one sentence where it cannot.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from openkap.commands.site import begin, fail, unready

if TYPE_CHECKING:
    from openkap.permits import Actor
    from openkap.records.models import Session
    from openkap.steps.recording import Recording

PAUSE_S = 1.0


def run(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    begin()
    if why := unready():
        return fail(why)
    from openkap.steps.frame import Refused

    try:
        return _play(options)
    except OSError as error:
        return fail(f"{options.recording} cannot be read: {error.strerror}.")
    except Refused as refusal:
        return fail(refusal.because)
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="openkap play", description=__doc__)
    parser.add_argument("session", help="id of a dosing session that is under way")
    parser.add_argument("--by", required=True, help="mail address of the staff member in the room")
    parser.add_argument("--recording", default="invented_infusion", help="a name, or a CSV file")
    parser.add_argument("--speed", type=int, default=1, help="how many times as fast: 1, 5, 20 or 60")
    return parser


def _play(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from openkap.steps.recording import play_recording, playing

    session = _session(options.session)
    by, recording = _actor(options.by, session), _recording(options.recording)
    rows, begun, whole = 0, None, float(recording.samples[-1].t_seconds or 0)
    while begun is None or timezone.now() <= begun + timedelta(seconds=whole / options.speed + PAUSE_S):
        rows += play_recording(
            by=by, at=timezone.now(), session=session, recording=recording, speed=options.speed
        )
        goes = playing(session)
        begun = goes[2] if goes is not None else timezone.now()
        time.sleep(PAUSE_S)
    print(f"{rows} rows of {recording.name} played, {recording.left_out} values left out.")
    return 0


def _recording(name: str) -> Recording:
    from django.conf import settings

    from openkap.steps.recording import Recording, recording_named

    if name.endswith(".csv"):
        return Recording.read(Path(name).stem, Path(name).read_text("utf-8"))
    return recording_named(name, Path(settings.DATA_DIR) / "recordings")


def _session(pk: str) -> Session:
    from uuid import UUID

    from openkap.records.models import Session
    from openkap.steps.frame import Refused

    try:
        found = Session.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(f"No session has the id {pk}.")
    return found


def _actor(mail: str, session: Session) -> Actor:
    from openkap.permits import Actor, ActorKind
    from openkap.records.models import Person
    from openkap.steps.frame import Refused

    place = session.organisation_id
    person = Person.objects.filter(email__iexact=mail, memberships__organisation=place).first()
    if person is None:
        raise Refused(f"Nobody at {session.organisation.name} has the mail address {mail}.")
    return Actor(
        ActorKind.PERSON,
        person.name,
        id=person.id,
        person=person.id,
        organisation=place,
        where="openkap play",
        strong=True,
    )
