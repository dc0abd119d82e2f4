"""The real browser: how Chromium starts, the sizes people use, and what no page may ever do.

Decided here: a page that logs an error, throws, breaks the content policy or asks another machine for
anything fails its test, wherever the test was looking.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

Size = Literal["phone", "tablet", "desk"]
Theme = Literal["light", "dark"]

SIZES: dict[Size, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 1180, "height": 820},
    "desk": {"width": 1440, "height": 900},
}
# Everything that would make the browser itself call out is off; the sandbox needs rights a test run lacks.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 40_000
OF_COLOR = ("color-contrast", "link-in-text-block")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine, never a downloaded one."""
    program = os.environ.get("OPENKAP_CHROMIUM") or shutil.which("chromium")
    # The driver leaves an event loop running in this thread, which Django would take for async code.
    unsafe_before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=FLAGS)
            yield browser
            browser.close()
    finally:
        if unsafe_before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Complaints:
    """What pages did that they may not. `expect` names a complaint that the test brings about on purpose."""

    host: str
    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        self.expected.append(part)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))
        page.on("request", self._request)

    def unexpected(self) -> list[str]:
        return [heard for heard in self.heard if not any(part in heard for part in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"{message.location.get('url', '')}: {message.text}")

    def _request(self, request: Request) -> None:
        if request.url.endswith("/csp-report/"):
            self.heard.append(f"content policy broken: {request.post_data}")
        elif not request.url.startswith((self.host, "data:", "blob:", "about:")):
            self.heard.append(f"a page asked another machine: {request.url}")


@dataclass
class Browsing:
    """Opens windows on one site. Each window is a device of its own: no cookie is shared."""

    browser: Browser
    address: str
    complaints: Complaints
    pages: list[Page] = field(default_factory=list)

    def __call__(
        self, size: Size = "desk", *, theme: Theme = "light", scripts: bool = True, language: str = "en-US"
    ) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            viewport=SIZES[size],
            color_scheme=theme,
            has_touch=size != "desk",
            java_script_enabled=scripts,
            locale=language,
            timezone_id="America/Los_Angeles",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self.complaints.listen)
        page = context.new_page()
        self.pages.append(page)
        return page

    def close(self) -> None:
        for page in self.pages:
            page.context.close()


def axe_violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Every accessibility violation on the page as it stands, by all rules or some: rule, help, element."""
    if not page.evaluate("'axe' in window"):  # half a megabyte, once for each document
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    violations = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def violations_in_each_theme(page: Page) -> list[str]:
    """By all rules in the light; in the dark, where the page has it, by those that look at colors.

    A theme changes nothing else: the styles say so (ui/styles/parts/tokens.css).
    """
    page.emulate_media(color_scheme="light")
    wrong = [f"light: {found}" for found in axe_violations(page)]
    if page.locator("html").get_attribute("data-theme") == "auto":
        page.emulate_media(color_scheme="dark")
        wrong += [f"dark: {found}" for found in axe_violations(page, OF_COLOR)]
        page.emulate_media(color_scheme="light")
    return wrong
