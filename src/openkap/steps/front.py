"""An organisation's public page: its address, its own words, whether an evaluation can be asked for there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind
from openkap.records.models import Organisation, PublicPage
from openkap.steps.frame import Refused, expect, must, step, tell


@step
def publish_page(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    slug: str,
    words: str = "",
    asks: bool = True,
    crisis_number: str = "",
    crisis_words: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> PublicPage:
    """Make or change the page. `slug` is its address; a crisis number of its own replaces the country's."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    if PublicPage.objects.filter(slug=slug).exclude(organisation=organisation).exists():
        raise Refused(_("Another practice here has this address. Choose another."), field="slug")
    page = PublicPage.objects.filter(organisation=organisation).first() or PublicPage(
        organisation=organisation, version=0
    )
    if page.version:
        expect(page, version, words=_("page"))
    else:
        page.version = 1
    page.slug, page.words, page.asks = slug, words.strip(), asks
    page.crisis_number, page.crisis_words = crisis_number.strip(), crisis_words.strip()
    page.save()
    tell(by, "page.published", page, at=at)
    return page
