"""Numbers that are no amount, by their form and place: periods, days, places and names of laws."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_LAW_YEAR = r"(?:19|20)\d\d(?!/\d)"
# Of which a book can tell something.
_YEAR = r"(?:199\d|20[0-3]\d)(?!/\d)"
# After a year that is a date there is no noun of which there could be so many.
_NO_NOUN = (
    r"(?=\s*(?:$|[^\w\s]|(?:and|or|to|is|was|are|were|the|a|an|it|in|on|of|for|with|until|from|"
    r"by|at|as|that|which|this|these|there|this|has|have|had|can|could|may|on|when|where|but)\b))"
)
_AFTER = r"(?:in|since|from|until|till|by|before|after|for|between|during|through|and|or|of)"
_PART = r"\d+[A-Z]*(?:\(\w+\))*"
_NAME = r"(?:\b(?:[A-Z][\w’'-]*|and|of|the|on|in|for|to)[,)]?\s+|\([^()]*\)\s+)+"
_PLACES = r"(?:[Ss]ection|[Rr]egulation|[Ss]chedule|[Pp]aragraph|[Aa]rticle)s?"
# What has such a place is a law, with a name.
_OF_A_LAW = r"(?!\s+of\s+(?:the|a|an|our|their)\s+[a-z])"
# Nor is a number that is one of a law or a period the number of what follows it.
_NOT_SO_MANY = (
    r"(?!\d|\s+(?:(?:recorded|reported|more|fewer)\s+)?(?:offen[cd]|crime|incident|robber|burglar|theft|"
    r"thie[fv]|assault|arrest|victim|people|person|resident|case|report|fire|rape|injur|fraud|car|"
    r"home|vehicle|killing|murder|drug|knife|knive|gun|theft|search|call|admission|conviction)\w*)"
)
# Numbers that are no amount, by their form and place: periods, days, and the places and names of
# laws. A year stands after a word of time and before no noun: `1950 offences` is no year.
_FORMS = re.compile(
    "(?:"
    + "|".join(
        (
            rf"\b(?:{_AFTER}\s+)?(?P<first>{_YEAR})\s+(?:to|and)\s+(?P<last>{_YEAR})\b{_NO_NOUN}",
            rf"(?<=/\d\d) to {_YEAR}\b{_NO_NOUN}",
            r"\b(?:19|20)(?P<begins>\d\d)/(?P<ends>\d\d)\b(?!/|\s+of\s+(?:them|these|those)\b)",
            rf"\b\d{{1,2}} {_MONTH}(?: {_YEAR})?\b",
            rf"\b{_MONTH}(?: and {_MONTH})? {_YEAR}\b",
            r"\bSIs? \d{4}/\d{1,4}(?: and \d{4}/\d{1,4})*",
            rf"\b{_AFTER}\s+{_YEAR}\b{_NO_NOUN}",
            rf"(?<=\d\d\d\d, ){_YEAR}\b{_NO_NOUN}",
            rf"{_NAME}(?:Act|Acts|Regulations|Order|Rules)(?: \([A-Z][\w. ]*\))* {_LAW_YEAR}\b",
            rf"\b{_LAW_YEAR} Act\b",
            rf"\b[Ss]trategic [Aa]ssessment {_YEAR}\b{_NO_NOUN}",
            rf"\b{_PLACES}\s+{_PART}(?:(?:, | and | to ){_PART}{_NO_NOUN})*{_OF_A_LAW}",
            r"\b(?:NI|PSA|National Indicator)s? \d{1,3}\b",
        )
    )
    + ")"
    + _NOT_SO_MANY
)


def without_places_in_time(text: str) -> str:
    """Return a text with blanks for the numbers that say when, or where in a law."""
    return _FORMS.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    """Leave a span of years that does not go forwards, and a year that is not followed so."""
    first, last, begins, ends = match.group("first", "last", "begins", "ends")
    goes_back = first and first >= last
    is_no_year = begins and (int(begins) + 1) % 100 != int(ends)
    return match[0] if goes_back or is_no_year else " " * len(match[0])
