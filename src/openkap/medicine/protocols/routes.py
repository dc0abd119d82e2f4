"""The six ways a dose is given.

Decided here: the names every rule, protocol and record uses. Racemic nasal spray and esketamine are
two routes and never one "intranasal": one is compounded and unapproved, the other a labelled product
under a REMS (dossier section 0, row 0.6).
"""

from __future__ import annotations

from enum import StrEnum


class Route(StrEnum):
    IV = "iv"
    IM = "im"
    SUBLINGUAL = "sublingual"
    ORAL = "oral"
    NASAL_RACEMIC = "nasal_racemic"
    ESKETAMINE = "esketamine"

    @property
    def words(self) -> str:
        """As a person says it, inside a sentence."""
        return _WORDS[self]


_WORDS = {
    Route.IV: "into a vein",
    Route.IM: "into a muscle",
    Route.SUBLINGUAL: "under the tongue",
    Route.ORAL: "by mouth",
    Route.NASAL_RACEMIC: "by nose (racemic)",
    Route.ESKETAMINE: "esketamine",
}
