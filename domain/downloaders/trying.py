"""Asks a downloader who it is: a saved one, or one that is not saved yet."""

import time

from domain.downloaders import service
from domain.downloaders.addresses import target_of
from domain.downloaders.client import Api, Status
from domain.downloaders.queries import Downloader, downloader
from domain.kit.database import Database
from domain.kit.errors import Upstream
from domain.kit.http import Lan
from domain.libraries.enums import SourceKind


def try_saved(database: Database, lan: Lan, source_id: int, *, key: bytes, actor: str) -> tuple[Status, int]:
    """(who it says it is, how long it took in ms); the row remembers how it went. Raises NotFound, Conflict, Upstream."""
    with database.read() as session:
        found = downloader(session, source_id, key=key)
    try:
        status, took_ms = _tried(lan, found)
    except Upstream as error:
        failure: Upstream = error
        database.perform(lambda uow: service.note_contact(uow, source_id=source_id, version=None, error=failure), actor=actor)
        raise
    database.perform(lambda uow: service.note_contact(uow, source_id=source_id, version=status.version, error=None), actor=actor)
    return status, took_ms


def try_unsaved(lan: Lan, *, kind: SourceKind, base_url: str, api_key: str, verifies_certificate: bool) -> tuple[Status, int]:
    """The same of one that nobody has saved. Raises Invalid, Upstream."""
    target = target_of(base_url, verifies_certificate=verifies_certificate)
    return _tried(lan, Downloader(0, service.check_kind(kind), "", target, service.check_key(api_key), {}))


def _tried(lan: Lan, found: Downloader) -> tuple[Status, int]:
    began = time.monotonic()
    status = Api(lan, found).status()
    return status, round((time.monotonic() - began) * 1000)
