"""Invented names in the tens of thousands, always the same ones: for finding a person among many.

Decided here: a few given names are common and most family names are rare, as in any town; some carry accents,
some are doubled. Nobody's list of names is used.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

GIVEN = (  # noqa: SIM905 a page of quotation marks less
    "Ada Alba Alma Amos Anouk Ansel Aria Arlo Asa Aurel Beata Benno Blythe Briar Bruno Calla Caspian Cleo "
    "Coral Cyril Dahlia Dario Della Edda Eira Elio Elspeth Ember Emrys Enid Ezra Faye Felix Fern Flora "
    "Gemma Gil Greta Hadley Hana Hollis Ida Idris Ines Ione Iris Isolde Ivo Jasper Jora Juno Kai Kit Lena "
    "Lior Lucía Luz Mabel Maren Mateo Mila Milo Moira Nadia Nell Nico Noor Odile Olive Orla Oscar Otis "
    "Paz Perla Petra Pia Quill Quinn Rafa Remy René Rhea Rosa Rufus Runa Sage Selma Silas Sofía Sorrel "
    "Tamsin Tavi Thea Tilda Tobias Una Uri Vera Vida Wilder Willa Wren Xenia Yara Yves Zadie Zeno Zoë"
).split()
FRONT = (  # noqa: SIM905 a page of quotation marks less
    "Alder Amber Ash Barrow Beck Birch Black Bram Briar Brook Cald Carr Cedar Clay Cliff Corn Cress Dale "
    "Dun Elm Fair Fen Fern Finch Fox Gale Glen Gold Gray Green Hale Harrow Hart Hawk Hay Hazel Heath Holl "
    "Iron Kel Lake Lark Lind Loch Long Marsh May Mill Moss Nettle North Oak Orch Pell Quill Raven Reed "
    "Ridge Rook Rose Rush Sable Sand Sedge Silver Snow South Spar Star Stone Storm Swan Thorn Thistle "
    "Tide Under Vale Wald West Whit Wick Wild Will Wind Winter Wolf Wood Wren Yarrow"
).split()
BACK = (  # noqa: SIM905 a page of quotation marks less
    "bank bourne bridge brook by combe cote croft dale den don fall fell field ford gate grove ham haven "
    "hill holme hurst land leigh ley low mere moor more mouth ness pool port reach ridge rigg row shaw "
    "shore side stead stone thorpe ton tree vale wade wall ward water way well wick wold wood worth yard"
).split()


class Names:
    """One name and birth date after another, the same in every run."""

    def __init__(self, seed: int = 33) -> None:
        self.chance = random.Random(seed)

    def next(self) -> tuple[str, str]:
        given = GIVEN[min(int(self.chance.expovariate(0.03)), len(GIVEN) - 1)]
        family = self.chance.choice(FRONT) + self.chance.choice(BACK)
        turn = self.chance.random()
        if turn < 0.06:
            family += f"-{self.chance.choice(FRONT)}{self.chance.choice(BACK)}"
        elif turn < 0.12:
            family = family.replace("o", "ó", 1).replace("e", "é", 1)
        return given, family

    def birth_date(self) -> date:
        return date(1940, 1, 1) + timedelta(days=self.chance.randrange(365 * 65))
