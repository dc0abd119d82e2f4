"""An organisation's public page: its address, its own words, and what it was before.

Decided here: whoever answers the telephone, or answers for the practice, writes the page; its address stays
what was printed on paper. Each state it had is kept whole, so that what once stood there can be told
(docs/adr/0026-what-was-spoken.md). Its telephone is the practice's own, wherever that is shown.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.models import Credential, Organisation, PageVersion, PublicPage
from openkap.steps.frame import Refused, Stale, expect, must, step, tell
from openkap.steps.promised import refuse_promises

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What a page is made of, beside its address: the column and how long it may be.
WORDS = {"words": 600, "offers": 600, "hours": 300, "crisis_number": 40, "crisis_words": 200}
BEFORE = Actor.system("before")


@step
def publish_page(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    slug: str = "",
    words: str = "",
    offers: str = "",
    hours: str = "",
    phone: str | None = None,
    asks: bool = True,
    crisis_number: str = "",
    crisis_words: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> PublicPage:
    """Make or change the page, and keep how it reads now.

    `slug` is its address, needed once. `phone` absent: as it is. A crisis number of its own replaces the
    country's. Raises Refused for what is too long, an address that is taken or a promise that nobody may
    make, Stale where another was first.
    """
    must(by, Kind.PAGE, Act.ADD, Subject(Kind.PAGE, organisation.id), at=at)
    _refuse_unknown(organisation, at)
    said = {
        "words": words,
        "offers": offers,
        "hours": hours,
        "crisis_number": crisis_number,
        "crisis_words": crisis_words,
    }
    values = {name: _within(name, text, WORDS[name]) for name, text in said.items()}
    if values["crisis_words"] and not values["crisis_number"]:
        raise Refused(_("These words need a number to call."), field="crisis_number")
    refuse_promises({name: values[name] for name in ("words", "offers")})
    page = _held(organisation, slug, version, at)
    for name, value in {**values, "asks": asks}.items():
        setattr(page, name, value)
    page.save()
    if phone is not None:
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        organisation.phone = _within("phone", phone, 40)
        organisation.save(update_fields=["phone"])
    _keep(by, page, organisation, at)
    tell(by, "page.published", page, at=at)
    return page


def _refuse_unknown(organisation: Organisation, at: datetime) -> None:
    """Anyone may be invited by anyone: who only vouches for themselves stands on no public list."""
    given = Credential.objects.filter(organisation=organisation, kind="license")
    if given.filter(written_by=None).exists() and not given.current(at).found_valid(at).exists():
        raise Refused(
            _(
                "Your practice is new here. Once the practice that you joined has looked at your license, "
                "you can write a public page."
            )
        )


def _held(organisation: Organisation, slug: str, version: int | None, at: datetime) -> PublicPage:
    """The page as it is, counted up; a new one where there is none: of two, one makes it."""
    Organisation.objects.select_for_update().only("id").get(pk=organisation.pk)
    page = PublicPage.objects.filter(organisation=organisation).first()
    if page is None:
        return PublicPage(organisation=organisation, slug=_address(slug, organisation), version=1)
    if not page.versions.exists():
        _keep(BEFORE, page, organisation, at)  # how it read before its states were kept
    if slug and version is None:
        raise Stale(_("A page was made since you opened this one. Look at it, then decide."))
    expect(page, version, words=_("page"))
    if slug and slug != page.slug:
        page.slug = _address(slug, organisation)
    return page


def _address(slug: str, organisation: Organisation) -> str:
    slug = slug.strip().lower()
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise Refused(
            _("Write the address with small letters, digits and hyphens, as in quiet-harbor."), field="slug"
        )
    if PublicPage.objects.filter(slug=slug).exclude(organisation=organisation).exists():
        raise Refused(_("Another practice here has this address. Choose another."), field="slug")
    return slug


def _within(name: str, text: str, most: int) -> str:
    text = text.strip().replace("\r\n", "\n")
    if len(text) > most:
        raise Refused(
            _("This is %(n)s characters long; %(most)s fit here.") % {"n": len(text), "most": most},
            field=name,
        )
    return text


def _keep(by: Actor, page: PublicPage, organisation: Organisation, at: datetime) -> None:
    PageVersion.objects.create(
        **Authored.authored(by),
        page=page,
        organisation=organisation,
        number=page.version,
        phone=organisation.phone,
        asks=page.asks,
        at=at,
        **{name: getattr(page, name) for name in WORDS},
    )
