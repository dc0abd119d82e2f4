"""`openkap setup`: at a real terminal, broken off and gone on with; what it makes, and what it refuses."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from openkap.commands.setup_answers import Answers, NotAnswered
from openkap.commands.setup_keys import KEYS, keys_folder, make_keys, write_down, write_secret
from openkap.exchange.mail.trial import MailRefused, send_one
from openkap.permits import Actor
from openkap.records.models import Event, Organisation, Site, User
from openkap.steps import founding
from openkap.steps.demonstration import begin_demonstration
from openkap.steps.frame import Refused
from tests.integration.door_visitors import digits
from tests.people import NOW, SYSTEM
from tests.sealed import certificate, mail_server

PASSWORD = "a heron stands in the reeds"


class Terminal:
    """A command at a terminal of its own: what it asks is answered as somebody would type it."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.screen, end = pty.openpty()
        self.said = ""
        self.seen = 0
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OPENKAP_", "PYTEST_", "DATABASE_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "openkap.cli", *arguments],
            env=kept | environment,
            stdin=end,
            stdout=end,
            stderr=end,
            start_new_session=True,
        )
        os.close(end)

    def until(self, words: str) -> str:
        """Everything said since the last time, up to these words."""
        while words not in self.said[self.seen :]:
            ready, _w, _x = select.select([self.screen], [], [], 60)
            assert ready, f"nothing more was said; waited for {words!r}:\n{self.said}"
            try:
                more = os.read(self.screen, 65536)
            except OSError:
                more = b""
            assert more, f"it ended before {words!r}:\n{self.said}"
            self.said += more.decode("utf-8", "replace").replace("\r\n", "\n")
        at = self.said.index(words, self.seen) + len(words)
        found, self.seen = self.said[self.seen : at], at
        return found

    def answer(self, prompt: str, text: str) -> None:
        self.until(prompt)
        os.write(self.screen, text.encode() + b"\n")

    def interrupt(self) -> None:
        """Ctrl-C, and again where it fell between the question and the wait for its answer: Python then
        goes on waiting until a key is pressed."""
        for _again in range(6):
            self.process.send_signal(signal.SIGINT)
            if select.select([self.screen], [], [], 5)[0]:
                return

    def ends(self) -> int:
        while select.select([self.screen], [], [], 60)[0]:
            try:
                more = os.read(self.screen, 65536)
            except OSError:
                break
            if not more:
                break
            self.said += more.decode("utf-8", "replace").replace("\r\n", "\n")
        return self.process.wait(timeout=60)


def test_a_real_site_at_a_terminal_broken_off_and_gone_on_with(own_database: str, tmp_path: Path) -> None:
    seal = certificate(tmp_path)
    data, keys = tmp_path / "data", tmp_path / "data-keys"
    environment = {
        "OPENKAP_DATA": str(data),
        "DATABASE_URL": own_database,
        "OPENKAP_PORT": "8000",
        "SSL_CERT_FILE": str(seal.cert),
    }
    first = Terminal(["setup"], environment)
    first.answer("Name of the practice", "Larkmoor House")
    first.answer("clinic, therapy or both", "spa")
    first.until("'spa' is none of clinic, therapy, both.")
    first.answer("clinic, therapy or both", "clinic")
    first.answer("Time zone", "New York")
    first.until("Did you mean America/New_York?")
    first.until("Time zone")
    first.interrupt()
    assert first.ends() == 130, first.said
    assert "goes on from here" in first.said
    assert Site.objects.get().demonstration is False
    assert not Organisation.objects.exists()

    with mail_server(seal) as post:
        second = Terminal(["setup"], environment)
        second.answer("Name of the practice [Larkmoor House]", "")
        second.answer("[clinic]", "")
        second.answer("Time zone", "America/New_York")
        second.answer("Country", "")
        second.answer("Number that patients call", "+1 212 555 0100")
        second.answer("Mail address", "Ada@Example.org")
        second.answer("First name", "Ada")
        second.answer("Last name", "Voss")
        second.answer("Title", "Dr")
        second.answer("Other roles", "medical_director")
        second.answer("Password", "short")
        second.answer("Password", PASSWORD)
        second.answer("Once more", PASSWORD)
        secret = re.search(r"Key: ([A-Z2-7 ]+)", second.until("Six digits"))
        assert secret is not None
        key = secret[1].replace(" ", "")
        wrong = "000000" if digits(key) != "000000" else "111111"
        os.write(second.screen, wrong.encode() + b"\n")
        second.until("does not fit")
        second.answer("Six digits", digits(key))
        assert len(re.findall(r"^    \d{8}$", second.until("6. Mail"), re.M)) == 10
        second.answer("Mail server", post.url)
        second.answer("Address that mail comes from", "kap@larkmoor.example")
        assert second.ends() == 0, second.said
    assert post.sealed
    assert "message: 250 2.0.0 queued as HERON1" in second.said
    assert "ada@example.org" in post.taken[0]
    assert "/lead/rules/" in second.said
    assert "No mail server is set" not in second.said, "what this run was told counts in this run"
    user = User.objects.get(email="ada@example.org")
    assert user.check_password(PASSWORD)
    held = set(user.person.memberships.values_list("role", flat=True))
    assert held == {"administrator", "medical_director"}
    assert PASSWORD not in "".join(each.read_text() for each in keys.iterdir())
    assert {each.name for each in keys.iterdir()} == {
        "site.key",
        "process.key",
        "journal.key",
        "mail.url",
        "openkap.env",
    }
    assert {stat.S_IMODE(each.stat().st_mode) for each in keys.iterdir()} == {0o600}
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert not list(data.glob("*key*"))


@pytest.mark.django_db
def test_each_part_is_the_same_the_second_time() -> None:
    by, who = SYSTEM, founding.Administrator("Ada", "Voss", "", "ada@example.org", PASSWORD, ("prescriber",))
    here = {
        "name": "Larkmoor",
        "what": "both",
        "zone": "America/New_York",
        "country": "US",
        "phone": "5550100",
    }
    for _n in range(2):
        founding.found_site(by=by, at=NOW)
        place = founding.found_organisation(by=by, at=NOW, **here)
        founding.found_administrator(by=by, at=NOW, organisation=place, who=who)
    assert Organisation.objects.count() == User.objects.count() == 1
    assert Event.objects.filter(verb="role.given").count() == 2
    with pytest.raises(Refused, match="first practice is Larkmoor"):
        founding.found_organisation(by=by, at=NOW, **{**here, "name": "Another"})
    other = founding.Administrator("Bo", "Lind", "", "bo@example.org", PASSWORD, ())
    with pytest.raises(Refused, match="is administrator here already"):
        founding.found_administrator(by=by, at=NOW, organisation=place, who=other)


@pytest.mark.django_db
def test_a_demonstration_stays_one_and_a_real_site_too() -> None:
    founding.found_site(by=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        begin_demonstration(by=SYSTEM, at=NOW)


@pytest.mark.django_db
def test_a_demonstration_never_becomes_real() -> None:
    Site.objects.create(demonstration=True, born_at=NOW)
    with pytest.raises(Refused, match="demonstration site, and stays one"):
        founding.found_site(by=Actor.system("openkap setup"), at=NOW)


@pytest.mark.parametrize(
    ("fit", "good", "bad"),
    [
        (founding.fit_zone, "Europe/Madrid", "Mars/Olympus"),
        (founding.fit_country, "es", "Spain"),
        (founding.fit_phone, "+34 600 000 000", "call us"),
        (founding.fit_email, "ada@example.org", "ada at example"),
        (founding.fit_password, PASSWORD, "password1234"),
        (founding.fit_what, "Clinic", "spa"),
        (founding.fit_name, "Larkmoor", "  "),
    ],
)
def test_what_is_typed_is_used_or_refused_in_words(fit: object, good: str, bad: str) -> None:
    assert fit(good)  # type: ignore[operator]
    with pytest.raises(Refused) as refusal:
        fit(bad)  # type: ignore[operator]
    assert refusal.value.because.endswith((".", "?"))


def test_keys_are_made_once_and_never_lie_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENKAP_DATA", str(tmp_path / "data"))
    for name, _file, _fresh in KEYS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", "")
        monkeypatch.delenv(f"{name}_FILE")
    with pytest.raises(ValueError, match="cannot lie in"):
        keys_folder(str(tmp_path / "data" / "keys"))
    folder = keys_folder("")
    make_keys(folder)
    before = {each.name: each.read_text() for each in folder.iterdir()}
    make_keys(folder)
    assert {each.name: each.read_text() for each in folder.iterdir()} == before
    env = write_down(folder)
    env.write_text(env.read_text() + "OPENKAP_IDLE_MINUTES=10\n")
    once = write_down(folder).read_text()
    assert once.count("OPENKAP_IDLE_MINUTES=10") == once.count("# Written by openkap setup") == 1
    assert write_down(folder).read_text() == once
    loose = folder / "loose"
    loose.write_text("x")
    loose.chmod(0o644)
    assert write_secret(loose, "y") is False
    assert stat.S_IMODE(loose.stat().st_mode) == 0o600
    assert loose.read_text() == "x"


def test_where_nobody_can_be_asked_it_says_what_to_give(tmp_path: Path) -> None:
    from argparse import Namespace

    options = Namespace(no_input=True, zone="New York", admin_password_file="", organisation=None)
    answers = Answers(options, tmp_path / "answers.json")
    with pytest.raises(NotAnswered, match=r"--zone: .*America/New_York"):
        answers.get("zone", "Zone", founding.fit_zone)
    with pytest.raises(NotAnswered, match="--organisation"):
        answers.get("organisation", "Name", founding.fit_name)
    with pytest.raises(NotAnswered, match="--admin-password-file"):
        answers.password("Password", founding.fit_password)
    options.admin_password_file = str(tmp_path / "password")
    for written, says in ((b"\x88\x00", "no text"), (b"", "--admin-password-file")):
        (tmp_path / "password").write_bytes(written)
        with pytest.raises(NotAnswered, match=says):
            answers.password("Password", founding.fit_password)
    (tmp_path / "password").write_bytes(b"the heron stands in the reeds\r\nnot this\r\n")
    assert answers.password("Password", founding.fit_password) == "the heron stands in the reeds"


def test_a_mail_server_that_says_no_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(seal.cert))
    with mail_server(seal, refuses=("bo@",)) as post:
        server = {
            "host": "localhost",
            "port": post.port,
            "username": "",
            "password": "",
            "use_ssl": False,
            "use_tls": True,
            "timeout": 10,
        }
        letter = {"sender": "kap@example.org", "subject": "Mail works", "body": "Yes."}
        assert send_one(server, to="ada@example.org", **letter)[-1] == "message: 250 2.0.0 queued as HERON1"
        with pytest.raises(MailRefused, match=r"550 5\.1\.1 nobody of this name here"):
            send_one(server, to="bo@example.org", **letter)
        with pytest.raises(MailRefused, match=r"553 5\.7\.1 not from this address"):
            send_one(server, to="ada@example.org", **(letter | {"sender": "bo@example.org"}))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        with pytest.raises(MailRefused, match="encryption"):
            send_one(server, to="ada@example.org", **letter)
    with pytest.raises(MailRefused, match="could not be reached"):
        send_one(server, to="ada@example.org", **letter)
