"""The check digit of SNOMED CT identifiers.

J. Verhoeff, "Error Detecting Decimal Codes" (Mathematisch Centrum, 1969): the digits are multiplied in the dihedral
group of order ten, each after a permutation that depends on its place.
"""

from __future__ import annotations

import re

_NEXT = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
"""The permutation; it is applied as many times as the place says."""


def is_snomed_id(text: str) -> bool:
    """Whether `text` has 6 to 18 digits, no zero in front, and a check digit that fits."""
    if not re.fullmatch(r"[1-9][0-9]{5,17}", text):
        return False
    product = 0
    for place, character in enumerate(reversed(text)):
        digit = int(character)
        for _ in range(place % 8):
            digit = _NEXT[digit]
        product = _times(product, digit)
    return product == 0


def _times(left: int, right: int) -> int:
    """The product in the dihedral group: below 5 the rotations, from 5 on the reflections."""
    turn = (left + right) % 5 if left < 5 else (left - right) % 5
    return turn + 5 * ((left < 5) != (right < 5))
