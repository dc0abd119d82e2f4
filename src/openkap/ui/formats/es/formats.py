"""Spanish as in the United States and Mexico: a point before decimals, a comma between thousands.

Decided here: a number on a page is the number in the record, sign for sign, in every language. With the
framework's comma, 0.5 mg would read 0,5 mg on one page and 0.5 mg on the vial.
"""

from __future__ import annotations

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
