"""`openkap setup`: make a real site, at a terminal or by options; broken off, it goes on where it stopped.

Decided here: the order (database, keys, practice, administrator, second factor, mail) and that each part is
finished before the next begins, so that what was done stays done. Nothing is asked that stands already. At
the end it prints what stands between this site and its first patient (docs/adr/0030-a-real-site.md).

Exit status: 0 all is done; 1 the site stands and something waits, as said; 2 it could not be done.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openkap.commands import migrate, setup_keys
from openkap.commands.site import begin, fail

if TYPE_CHECKING:
    from openkap.commands.setup_answers import Answers
    from openkap.permits import Actor
    from openkap.records.models import Organisation, Person

PENDING, ANSWERS = "authenticator.pending", "setup.json"
CODE_TRIES = 5


def run(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    try:
        folder = setup_keys.keys_folder(options.keys)
    except ValueError as wrong:
        return fail(str(wrong))
    setup_keys.recall(folder)
    if why := _is_demonstration_by_its_files():
        return fail(why)
    os.umask(0o077)
    print("1. Keys, readable by this account only")
    for line in setup_keys.make_keys(folder):
        print(f"  {line}")
    try:
        return _go(options, folder)
    except (EOFError, KeyboardInterrupt):
        print("\nBroken off. What was done stays; openkap setup goes on from here.")
        return 130


def _go(options: argparse.Namespace, folder: Path) -> int:
    begin()
    from openkap.commands.setup_answers import Answers, NotAnswered
    from openkap.permits import Actor
    from openkap.steps.founding import found_site
    from openkap.steps.frame import Refused

    print("2. Database")
    if status := migrate.run([]):
        return status
    by = Actor.system("openkap setup")
    try:
        found_site(by=by, at=_now())
        print("  up to date; this is a real site")
        answers = Answers(options, folder / ANSWERS)
        organisation = _practice(by, answers)
        person = _administrator(by, answers, organisation)
        waits = [*_second_factor(by, answers, person, options, folder)]
        waits += _mail(by, answers, organisation, person, folder)
    except (Refused, NotAnswered) as refusal:
        return fail(getattr(refusal, "because", None) or str(refusal))
    answers.forget()
    return _close(organisation, folder, waits)


def _practice(by: Actor, answers: Answers) -> Organisation:
    from openkap.steps import founding

    print("3. Practice")
    found = founding.first_organisation()
    if found is not None:
        print(f"  {found.name}, kept as it is")
        return found
    name = answers.get("organisation", "Name of the practice", founding.fit_name)
    row = founding.found_organisation(
        by=by,
        at=_now(),
        name=name,
        what=answers.get("kind", "What it does: clinic, therapy or both", founding.fit_what, "both"),
        zone=answers.get("zone", "Time zone, as in America/New_York", founding.fit_zone),
        country=answers.get("country", "Country, two letters", founding.fit_country, "US"),
        phone=answers.get("phone", "Number that patients call", founding.fit_phone),
    )
    print(f"  {row.name} is founded")
    return row


def _administrator(by: Actor, answers: Answers, organisation: Organisation) -> Person:
    from openkap.records.models import Membership
    from openkap.steps import founding

    print("4. First administrator")
    held = Membership.objects.filter(
        organisation=organisation, role="administrator", until=None, person__user__isnull=False
    )
    first = held.select_related("person").order_by("since", "id").first()
    if first is not None and not answers.has("admin_email", "roles"):
        print(f"  {first.person.name}, kept as they are")
        return first.person
    email = answers.get(
        "admin_email",
        "Mail address, which is also the name to sign in",
        founding.fit_email,
        first.person.email if first is not None else "",
    )
    known = first is not None and first.person.email == email
    person = founding.found_administrator(
        by=by,
        at=_now(),
        organisation=organisation,
        who=founding.Administrator(
            given_name="" if known else answers.get("admin_given_name", "First name", founding.fit_name),
            family_name="" if known else answers.get("admin_family_name", "Last name", founding.fit_name),
            title="" if known else answers.get("admin_title", "Title, as in Dr or RN (may be empty)", str),
            email=email,
            roles=tuple(answers.get("roles", _ROLES_ASKED, _fit_roles).split()),
            password="" if known else answers.password("Password, 12 letters or more", founding.fit_password),
        ),
    )
    print(f"  {person.name} is administrator")
    return person


def _second_factor(
    by: Actor, answers: Answers, person: Person, options: argparse.Namespace, folder: Path
) -> list[str]:
    """Shown as a picture and as text; a code from the app proves that it was read. What still waits."""
    from openkap.commands.setup_app import show_app
    from openkap.steps.founding import fit_password, found_anew, found_second_factor, has_second_factor
    from openkap.steps.frame import Refused

    print("5. Second factor")
    if options.second_factor_anew:
        password = answers.password("New password", fit_password) if options.admin_password_file else ""
        found_anew(by=by, at=_now(), person=person, password=password)
        print("  the old one is taken away, and every sign-in is ended")
    if has_second_factor(person):
        print("  in use")
        return []
    secret = show_app(folder / PENDING, person)
    for _n in range(CODE_TRIES if answers.asks and not options.totp_code else 1):
        code = options.totp_code or (input("  Six digits that the app shows: ") if answers.asks else "")
        if not code:
            break
        try:
            codes = found_second_factor(by=by, at=_now(), person=person, secret=secret, code=code)
        except Refused as refusal:
            print(f"  {refusal.because}")
            continue
        (folder / PENDING).unlink(missing_ok=True)
        print("  It fits. Keep these recovery codes away from the phone; each signs in once, and they are")
        print("  shown only now:")
        for each in codes:
            print(f"    {each}")
        return []
    return ["The second factor is not set up. Run: openkap setup --totp-code, with the code of the app"]


def _mail(by: Actor, answers: Answers, organisation: Organisation, person: Person, folder: Path) -> list[str]:
    from django.conf import settings

    from openkap.commands.setup_mail import mail_server_for
    from openkap.exchange.mail.trial import MailRefused, send_one
    from openkap.steps.founding import note_mail_test

    print("6. Mail")
    server, sender = mail_server_for(answers, folder)
    # Told of in this run: what follows goes by it, as it will when the site starts.
    settings.MAIL_SERVER = server
    if server is None:
        return ["No mail server is set. Links cannot reach patients; run openkap setup again with it"]
    try:
        said = send_one(
            server,
            sender=sender,
            to=person.email,
            subject=f"{organisation.name}: mail works",
            body="This message was sent by openkap setup. Nothing needs to be done.\n",
        )
    except MailRefused as refused:
        note_mail_test(by=by, at=_now(), organisation=organisation, good=False)
        print(f"  {refused}")
        return ["Mail does not leave yet: see what the server answered, mend it, and run openkap setup again"]
    note_mail_test(by=by, at=_now(), organisation=organisation, good=True)
    print(f"  A message is on its way to {person.email}. The server said:")
    for line in said:
        print(f"    {line}")
    return []


def _close(organisation: Organisation, folder: Path, waits: list[str]) -> int:
    from django.conf import settings
    from django.urls import reverse

    from openkap.permits import Actor
    from openkap.reads.before_care import before_care_of
    from openkap.records.standing import scope_now

    env = setup_keys.write_down(folder)
    at = _now()
    scope = scope_now(Actor.system("openkap setup", organisation=organisation.pk), at)
    site = settings.CSRF_TRUSTED_ORIGINS[0]
    print("\nBefore the first patient:")
    for line in before_care_of(scope, organisation, at).open:
        print(f"  - {line.name}. {line.note}{f' {site}{line.url}' if line.url else ''}")
    print(f"\nThe same list, always as it is now: {site}{reverse('lead-before-care')}")
    print(f"Start the site with the settings in {env}:")
    print(f"  set -a; . {env}; set +a; openkap check && openkap serve")
    for each in waits:
        print(f"Waits: {each}.")
    return 1 if waits else 0


def _is_demonstration_by_its_files() -> str:
    """Refused before a key is made or a table changed; the database itself is asked again later."""
    file = setup_keys.data_folder() / "openkap.sqlite3"
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE") or not file.exists():
        return ""
    import sqlite3

    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as rows:
            found = rows.execute("SELECT demonstration FROM records_site").fetchone()
    except sqlite3.DatabaseError:
        return ""
    if found is None or not found[0]:
        return ""
    return (
        f"{file.parent} holds a demonstration site, and stays one. Choose another folder in OPENKAP_DATA; "
        "nothing was changed."
    )


_ROLES_ASKED = (
    "Other roles they hold, with spaces: prescriber therapist monitor medical_director (may be empty)"
)


def _fit_roles(text: str) -> str:
    from openkap.steps.founding import fit_roles

    return " ".join(fit_roles(text.replace(",", " ").split()))


def _now() -> datetime:
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openkap setup",
        description="Make a real site. What is not given is asked, where somebody sits at a terminal.",
    )
    add = parser.add_argument
    add("--organisation", help="name of the practice")
    add("--kind", help="clinic, therapy or both")
    add("--zone", help="time zone, as in America/New_York")
    add("--country", help="two letters, as in US")
    add("--phone", help="the number that patients call")
    add("--admin-email", help="mail address of the first administrator")
    add("--admin-given-name")
    add("--admin-family-name")
    add("--admin-title")
    add("--admin-password-file", help="a file whose first line is the password")
    add("--roles", help="other roles of the first administrator, with spaces or commas")
    add(
        "--second-factor-anew",
        action="store_true",
        help="the only administrator lost their phone; with --admin-password-file also the password",
    )
    add("--totp-code", help="six digits of the authenticator app, where nobody sits at a terminal")
    add("--mail-url-file", help="a file with smtps://user:password@host:465, or smtp:// for STARTTLS")
    add("--mail-from", help="the address that mail comes from")
    add("--keys", default="", help="the folder of the keys; else beside the data folder")
    add("--no-input", action="store_true", help="ask nothing")
    return parser
