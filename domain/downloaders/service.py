"""What a person decides about downloaders: where they are, their keys, and the tokens that their webhooks carry."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import col, select

from domain.downloaders.addresses import normal, target_of
from domain.downloaders.queries import KINDS, PURPOSE, find
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound, Upstream, VersionConflict
from domain.kit.ids import global_id
from domain.kit.sealing import seal
from domain.kit.secrets import keyed_hash, new_token
from domain.kit.spelling import camel
from domain.libraries.enums import ConnectionStatus, SourceKind
from domain.libraries.tables import Source
from domain.system import audit, events
from domain.system.audit_tables import AuditSeverity

TOPIC: Final = "downloaders"
TOKEN: Final = "webhook"  # noqa: S105 - what tokens are hashed for
MOST: Final = 50
"""Downloaders of one household."""
_API_KEY: Final = re.compile(r"[0-9A-Za-z]{20,128}")
_CONFIG: Final = frozenset({"verifies_certificate", "publishes"})
_FIELDS: Final = frozenset({"name", "base_url", "is_enabled"})


def create(
    uow: UnitOfWork, *, kind: SourceKind, name: str, base_url: str | None, api_key: str | None, secret: bytes,
    is_enabled: bool = True, verifies_certificate: bool = True, publishes: bool = True,
) -> tuple[Source, str]:  # fmt: skip
    """(row, token of its webhooks): the token in clear exists only here. `secret` is the installation's key.

    Raises Invalid, Conflict when the name is taken.
    """
    serialize(uow.session, "sources")
    check_kind(kind)
    known = select(Source.id).where(col(Source.kind).in_(KINDS))  # unguarded: only administrators add one
    if len(uow.session.exec(known).all()) >= MOST:
        raise Invalid(f"There are {MOST} downloaders. Delete one first.", path=("kind",))
    row = Source(
        kind=kind, name=_free_name(uow, name, None), base_url=None if base_url is None else normal(base_url),
        secret=None if api_key is None else _sealed(secret, api_key), is_enabled=is_enabled,
        config={"verifies_certificate": verifies_certificate, "publishes": publishes},
    )  # fmt: skip
    token = _give_token(uow, row, secret)
    uow.session.add(row)
    uow.session.flush()
    _told(uow, row, "created", {"kind": kind.value, "name": row.name})
    return row, token


def update(
    uow: UnitOfWork, *, source_id: int, changes: Mapping[str, Any], secret: bytes, expected_version: int | None = None
) -> Source:
    """Change what `changes` holds: name, base_url, api_key (clear; None = take it away), is_enabled, verifies_certificate,
    publishes. The key that is stored goes to no other server: give it again. Raises NotFound, Invalid, Conflict,
    VersionConflict."""
    serialize(uow.session, "sources")
    row = _locked(uow, source_id)
    if expected_version is not None and expected_version != row.version:
        message = "Somebody changed this downloader since you read it."
        raise VersionConflict(message, current=row.version, entity_id=global_id("sources", row.id))
    values = dict(changes)
    if "name" in values:
        values["name"] = _free_name(uow, values["name"], row.id)
    if values.get("base_url") is not None:
        values["base_url"] = normal(values["base_url"])
        _check_whither(row, values)
    for name in _FIELDS & values.keys():
        setattr(row, name, values[name])
    if "api_key" in values:
        row.secret = None if values["api_key"] is None else _sealed(secret, values["api_key"])
    row.config = {**row.config, **{name: values[name] for name in _CONFIG & values.keys()}}
    if {"base_url", "api_key", "verifies_certificate"} & values.keys():
        row.connection_status, row.last_error, row.software_version = ConnectionStatus.UNKNOWN, None, None
    row.version += 1
    uow.session.flush()
    _told(uow, row, "updated", {"fields": sorted(changes)}, *changes)  # names alone: the key is nobody's business
    return row


def _check_whither(row: Source, values: Mapping[str, Any]) -> None:
    """Another host, port or a plain connection gets no stored key: or whoever may change an address could have it sent to a
    server of theirs. Raises Invalid."""
    if row.secret is None or "api_key" in values:
        return
    before, after = None if row.base_url is None else target_of(row.base_url), target_of(values["base_url"])
    is_elsewhere = before is None or (before.host, before.port) != (after.host, after.port)
    if is_elsewhere or (before is not None and before.is_secure and not after.is_secure):
        raise Invalid("Another address is not given the key that is stored: give `apiKey` again, or null.", path=("apiKey",))


def delete(uow: UnitOfWork, *, source_id: int) -> None:
    """Forget a downloader with its mappings. What it sent stays for its time. Raises NotFound."""
    row = _locked(uow, source_id)
    _told(uow, row, "deleted", {"name": row.name})
    uow.session.delete(row)
    uow.session.flush()


def rotate_token(uow: UnitOfWork, *, source_id: int, secret: bytes) -> tuple[Source, str]:
    """(row, new token). The one before is good for nothing from now on. Raises NotFound."""
    row = _locked(uow, source_id)
    token = _give_token(uow, row, secret)
    row.version += 1
    uow.session.flush()
    _told(uow, row, "token_rotated", {}, "webhook_hint", "webhook_made_at")
    return row, token


def revoke_token(uow: UnitOfWork, *, source_id: int) -> Source:
    """Take none of its webhooks any more, until there is another token. Raises NotFound."""
    row = _locked(uow, source_id)
    row.webhook_hash = row.webhook_hint = row.webhook_made_at = None
    row.version += 1
    uow.session.flush()
    _told(uow, row, "token_revoked", {}, "webhook_hint", "webhook_made_at")
    return row


def note_contact(uow: UnitOfWork, *, source_id: int, version: str | None, error: Upstream | None) -> None:
    """Remember how the last contact went; None = well. One that was deleted meanwhile is not missed."""
    row = uow.session.get(Source, source_id)  # unguarded: what was just asked is noted
    if row is None:
        return
    before = (row.connection_status, row.last_error, row.software_version)
    if error is None:
        row.connection_status, row.last_error, row.last_connected_at = ConnectionStatus.CONNECTED, None, uow.now()
        row.software_version = version or row.software_version
    else:
        row.connection_status, row.last_error = ConnectionStatus.ERROR, error.message
    uow.session.flush()
    if before != (row.connection_status, row.last_error, row.software_version):
        events.emit(
            uow, "source.tested", global_id("sources", row.id), topic=TOPIC,
            changed_fields=("connectionStatus", "lastError", "softwareVersion"),
        )  # fmt: skip


def check_kind(kind: SourceKind) -> SourceKind:
    """Raises Invalid for what is no downloader."""
    if kind not in KINDS:
        raise Invalid(f"A downloader is one of: {', '.join(each.name for each in KINDS)}.", path=("kind",))
    return kind


def check_key(api_key: str) -> str:
    """Raises Invalid for what is no key of theirs."""
    if not _API_KEY.fullmatch(api_key):
        message = "A key is 20 to 128 letters and digits: Settings > General > Security > API Key."
        raise Invalid(message, path=("apiKey",))
    return api_key


def _sealed(secret: bytes, api_key: str) -> str:
    return seal(secret, PURPOSE, check_key(api_key))


def _give_token(uow: UnitOfWork, row: Source, secret: bytes) -> str:
    token = new_token()
    row.webhook_hash, row.webhook_hint, row.webhook_made_at = keyed_hash(secret, TOKEN, token), token[-4:], uow.now()
    return token


def _locked(uow: UnitOfWork, source_id: int) -> Source:
    find(uow.session, source_id)
    query = select(Source).where(Source.id == source_id).with_for_update()  # unguarded: only administrators change it
    row = uow.session.exec(query).first()
    if row is None:
        raise NotFound("There is no such downloader. `sources` lists them.", path=("id",))
    return row


def _free_name(uow: UnitOfWork, name: str, source_id: int | None) -> str:
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= 100 or not cleaned.isprintable():
        raise Invalid("A name has 1 to 100 characters.", path=("name",))
    others = select(Source.name).where(col(Source.id) != (source_id or 0))  # unguarded: names are unique over all
    if cleaned.casefold() in {other.casefold() for other in uow.session.exec(others)}:
        raise Conflict(f"There is already a source called {cleaned!r}.", path=("name",))
    return cleaned


def _told(uow: UnitOfWork, row: Source, what: str, details: dict[str, Any], *changed: str) -> None:
    subject = global_id("sources", row.id)
    audit.record(uow, f"source.{what}", subject=subject, severity=AuditSeverity.CRITICAL, details=details)
    names = [camel(name) for name in changed if name != "api_key"]
    events.emit(uow, f"source.{what}", subject, topic=TOPIC, changed_fields=names or None)
