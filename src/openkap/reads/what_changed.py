"""What changed between two versions of a text, sentence by sentence.

Decided here: a heading and a line of a list count as sentences; a sentence that only moved is shown as taken
away and as new, since a text is read in its order. What stayed is not repeated: the whole text follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

ENDS = re.compile(r"(?<=[.?])\s+")


@dataclass(frozen=True, slots=True)
class Changed:
    """One place. `was` blank: it is new. `now` blank: it is no longer there."""

    was: str
    now: str


def what_changed(was: str, now: str) -> tuple[Changed, ...]:
    """Each place where `now` differs from `was`, in the order of `now`."""
    before, after = sentences(was), sentences(now)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append(Changed(" ".join(before[a:b]), " ".join(after[c:d])))
    return tuple(found)


def sentences(text: str) -> list[str]:
    """The sentences of a text in their order, without the marks of headings and lists."""
    paragraphs: list[str] = [""]
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith(("# ", "- ")) or paragraphs[-1].startswith("# "):
            paragraphs.append("")
        paragraphs[-1] = f"{paragraphs[-1]} {bare}".strip()
    whole = [each.removeprefix("# ").removeprefix("- ") for each in paragraphs if each]
    return [sentence for each in whole for sentence in ENDS.split(each) if sentence]
