"""Age certificates as `<mpaa>` and `<certification>` hold them."""

import re
from collections.abc import Iterable
from typing import Final

from domain.libraries.nfo import NfoCertification
from domain.libraries.nfo.certificates import AMERICAN
from domain.publish.nfo.characters import entry, line

_LONGEST: Final = 61
_COUNTRY: Final = re.compile(r"[A-Za-z][A-Za-z .]{0,39}[A-Za-z.]\Z")
_SPOKEN: Final = re.compile(r"(?:rated\s+)+", re.IGNORECASE)
_NONE: Final = frozenset({"not available", "none"})
_CODES: Final = {"UK": "GB"}


def certifications(given: Iterable[NfoCertification]) -> tuple[NfoCertification, ...]:
    """Distinct certificates, the one for `<mpaa>` first."""
    found: dict[NfoCertification, None] = {}
    for one in given:
        if (said := _said(one)) is not None:
            found.setdefault(said)
    return tuple(found)


def certificate_text(certificate: NfoCertification) -> str:
    """`PG-13` for the American boards, `DE:12` for others, the bare value where no country is known."""
    if certificate.country is None or (certificate.country == "US" and certificate.value in AMERICAN):
        return certificate.value
    return f"{certificate.country}:{certificate.value}"


def _said(one: NfoCertification) -> NfoCertification | None:
    country = line(one.country)
    if country is not None and len(country) == 2:
        country = _CODES.get(country.upper(), country.upper())
    value = entry(one.value)
    if country is None or not _COUNTRY.match(country):
        # A colon would make a country of what stands before it.
        country, value = None, entry(_SPOKEN.sub("", (value or "").replace(":", " "), count=1)) if value else None
    value = entry(value[:_LONGEST]) if value else None
    if value is None:
        return None
    if country is None and value.lower() in _NONE:
        return None
    return (
        NfoCertification("US", value.upper())
        if country is None and value.upper() in AMERICAN
        else NfoCertification(country, value)
    )
