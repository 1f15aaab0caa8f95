"""Age certificates from the free text of `mpaa` and `certification`."""

import re
from collections.abc import Iterator

from domain.libraries.nfo.document import NfoCertification
from domain.libraries.nfo.fields import Fields, split, texts

_COUNTRY = re.compile(r"([A-Za-z][A-Za-z .]{1,40}?)\s?:\s?(\S.{0,60})\Z")
_SPOKEN = re.compile(r"rated\s+(\S+)(?:\s+for\s.*)?\Z", re.IGNORECASE)
_CODES = {"UK": "GB"}
AMERICAN = frozenset({"G", "PG", "PG-13", "R", "NC-17", "TV-Y", "TV-Y7", "TV-Y7-FV", "TV-G", "TV-PG", "TV-14", "TV-MA"})
"""Certificates of the two American boards, which need no country."""


def item_certifications(fields: Fields) -> tuple[NfoCertification, ...]:
    """Distinct certificates; MPAA and TV parental ratings without a country are American."""
    found: dict[NfoCertification, None] = {}
    for value in texts(fields, "mpaa", "certification", "customrating"):
        for certificate in _read(value):
            found.setdefault(certificate)
    return tuple(found)


def _read(value: str) -> Iterator[NfoCertification]:
    for part in split(value):
        if match := _COUNTRY.match(part):
            country = match[1].strip()
            code = country.upper() if len(country) == 2 else None
            yield NfoCertification(_CODES.get(code, code) if code else country, match[2].strip())
            continue
        spoken = _SPOKEN.match(part)
        certificate = spoken[1] if spoken else part
        if spoken or certificate.upper() in AMERICAN:
            yield NfoCertification("US", certificate.upper())
        elif certificate.lower() not in ("not available", "none"):
            yield NfoCertification(None, certificate)
