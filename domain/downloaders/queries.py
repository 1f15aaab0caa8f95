"""Reads of downloaders, and the secrets that they were given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import Session, col, select

from domain.downloaders.addresses import target_of
from domain.kit.errors import Conflict, NotFound
from domain.kit.http import Target
from domain.kit.sealing import Unreadable, unseal
from domain.libraries.enums import SourceKind
from domain.libraries.tables import Source

KINDS: Final = (SourceKind.RADARR, SourceKind.SONARR, SourceKind.LIDARR)
PURPOSE: Final = "source secret"
"""What their keys are sealed for."""


@dataclass(frozen=True, slots=True)
class Downloader:
    """One of them as it is spoken to: where, and with which key."""

    id: int
    kind: SourceKind
    name: str
    target: Target
    api_key: str = field(repr=False)
    config: Mapping[str, Any]


def publishes(config: Mapping[str, Any]) -> bool:
    """Whether what it brings is published, also in libraries that are not published by themselves."""
    return bool(config.get("publishes", True))


def find(session: Session, source_id: int) -> Source:
    """Raises NotFound for what is no downloader."""
    is_it = (col(Source.id) == source_id, col(Source.kind).in_(KINDS))
    row = session.exec(select(Source).where(*is_it)).first()  # unguarded: the API asks whether it is an administrator
    if row is None:
        raise NotFound("There is no such downloader. `sources` lists them.", path=("source",))
    return row


def downloader(session: Session, source_id: int, *, key: bytes) -> Downloader:
    """A downloader to speak to; `key` is the installation's. Raises NotFound; Conflict without an address or a key."""
    row = find(session, source_id)
    if row.base_url is None or row.secret is None:
        raise Conflict(f"{row.name} was given no address or no key: `updateSource`.", path=("source",))
    try:
        api_key = unseal(key, PURPOSE, row.secret)
    except Unreadable:
        raise Conflict(f"The key of {row.name} cannot be read any more: give it again.", path=("source",)) from None
    verifies = bool(row.config.get("verifies_certificate", True))
    target = target_of(row.base_url, verifies_certificate=verifies)
    return Downloader(row.id, row.kind, row.name, target, api_key, row.config)
