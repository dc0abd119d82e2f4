"""What commands that need the site share: Django, set up once, and one sentence on trouble."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

RESTORING = "This site is being restored. Wait until that is done."


def begin() -> Path:
    """Set Django up; returns the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()
    return Path(settings.DATA_DIR)


def fail(sentence: str) -> int:
    """Say why it cannot be done, on standard error; exit status 2."""
    print(sentence, file=sys.stderr)
    return 2


def unready() -> str:
    """Why the database cannot be used now, or nothing."""
    from openkap.upkeep.pending import INTERRUPTED, is_pending

    if is_pending(Path(settings.DATA_DIR)):
        return INTERRUPTED
    try:
        executor = MigrationExecutor(connection)
        if why := _newer(executor.loader):
            return why
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not executor.loader.applied_migrations:
            return _nothing_here()
    except DatabaseError as error:
        why = f"The database cannot be read ({error})."
        return f"{why} It was left as it is; restore a backup if it is damaged."
    if waiting:
        return f"The database lacks {len(waiting)} migrations. Run: openkap migrate"
    return ""


def _nothing_here() -> str:
    """Mostly somebody runs a command without the settings of their site."""
    from openkap.upkeep.databases import NO_SITE

    unset = not os.environ.get("OPENKAP_DATA")
    return f"{NO_SITE}. OPENKAP_DATA is not set: this is {settings.DATA_DIR}" if unset else NO_SITE


def newer() -> str:
    """Why this code is too old for the database, or nothing."""
    try:
        return _newer(MigrationExecutor(connection).loader)
    except DatabaseError:
        return ""


def _newer(loader: MigrationLoader) -> str:
    ours = {app for app, _name in loader.disk_migrations}
    strange = sorted(
        f"{a} {n}" for a, n in loader.applied_migrations if a in ours and (a, n) not in loader.graph.nodes
    )
    if not strange:
        return ""
    return (
        f"The database was made by a newer OpenKAP: it holds {', '.join(strange)}, which this version does"
        " not know. Install that version, or restore a backup made before it."
    )


def told(by: Any, what: str, at: datetime, *, good: bool, **said: Any) -> None:
    """Note what was done to the site, where its database can take it; a failure to note fails nothing."""
    if unready():
        return
    from openkap.steps.upkeep import note_upkeep

    try:
        note_upkeep(by=by, at=at, what=what, good=good, ended_at=timezone.now(), **said)
    except DatabaseError as error:
        print(f"This could not be noted in the database ({type(error).__name__}).", file=sys.stderr)


def organisation_named(organisation: str) -> Any:
    """The organisation of this id or name. Raises Refused, naming those that are here."""
    from uuid import UUID

    from openkap.records.models import Organisation
    from openkap.steps.frame import Refused

    try:
        found = Organisation.objects.filter(id=UUID(organisation)).first()
    except ValueError:
        found = Organisation.objects.filter(name=organisation).first()
    if found is None:
        names = ", ".join(Organisation.objects.values_list("name", flat=True))
        raise Refused(f"No organisation is called {organisation}. Known here: {names}.")
    return found


def acting_staff(mail: str, organisation: str, where: str) -> tuple[Any, Any]:
    """Whoever answers for a command, as staff of this organisation, and the organisation. Raises Refused."""
    from openkap.permits import Actor, ActorKind
    from openkap.records.models import Person
    from openkap.steps.frame import Refused

    found = organisation_named(organisation)
    person = Person.objects.filter(email__iexact=mail, memberships__organisation=found).first()
    if person is None:
        raise Refused(f"Nobody at {found.name} has the mail address {mail}.")
    acting = Actor(
        ActorKind.PERSON,
        person.name,
        id=person.id,
        person=person.id,
        organisation=found.id,
        where=where,
        strong=True,
    )
    return acting, found
