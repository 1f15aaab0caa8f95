"""Registering manifests of documents, and taking them back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlmodel import col, select

from domain.documents.queries import PREFIX, digest_of
from domain.documents.tables import PersistedDocument
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.system import audit
from domain.system.audit_tables import AuditSeverity

MOST: Final = 1000
"""Documents of one manifest."""
MOST_MANIFESTS: Final = 50
_OWN_ID: Final = re.compile(r"[A-Za-z0-9_.\-/]{1,100}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to register. `id` is the manifest's own, None or its SHA-256 where it has no other."""

    text: str
    id: str | None = None
    name: str | None = None


def register(
    uow: UnitOfWork, *, manifest: str, documents: Sequence[NewDocument], user_id: int | None = None
) -> list[PersistedDocument]:
    """Make a manifest hold exactly these documents; its rows in the order given, a text that comes twice once.

    Raises Invalid for a name, number or id that does not do, Conflict for an id that means another text elsewhere.
    """
    if not 1 <= len(manifest) <= 100 or not manifest.isprintable() or manifest != manifest.strip():
        raise Invalid("A manifest's name has 1 to 100 printable characters.", path=("manifest",))
    if not 1 <= len(documents) <= MOST:
        raise Invalid(f"A manifest has 1 to {MOST:,} documents.", path=("documents",))
    serialize(uow.session, "persisted documents")
    rows: dict[str, PersistedDocument] = {}
    aliases: dict[str, str] = {}
    for number, document in enumerate(documents):
        path = ("documents", str(number))
        digest, alias = digest_of(document.text), _alias(document, path)
        if alias is not None and aliases.setdefault(alias, digest) != digest:
            raise Conflict(f"The id {alias!r} stands for two documents.", path=path)
        name = document.name[:200] if document.name else None
        made = PersistedDocument(
            manifest=manifest, digest=digest, alias=alias, name=name, text=document.text, registered_by_user_id=user_id
        )
        known = rows.setdefault(digest, made)
        if known.alias != alias:
            raise Conflict(f"The ids {known.alias!r} and {alias!r} stand for the same document.", path=path)
    _check_others(uow, manifest, aliases)
    uow.session.execute(sa.delete(PersistedDocument).where(col(PersistedDocument.manifest) == manifest))
    uow.session.add_all(rows.values())
    uow.session.flush()
    details = {"manifest": manifest, "documents": len(rows)}
    audit.record(uow, "documents.registered", severity=AuditSeverity.CRITICAL, details=details)
    return list(rows.values())


def remove(uow: UnitOfWork, *, manifest: str) -> int:
    """Take a manifest back; how many documents it had. Raises NotFound."""
    query = select(PersistedDocument.id).where(col(PersistedDocument.manifest) == manifest)  # unguarded: only admins remove
    keys = uow.session.exec(query).all() if manifest.isprintable() else ()
    if not keys:
        raise NotFound("There is no such manifest. `persistedDocuments` lists what is registered.", path=("manifest",))
    uow.session.execute(sa.delete(PersistedDocument).where(col(PersistedDocument.manifest) == manifest))
    details = {"manifest": manifest, "documents": len(keys)}
    audit.record(uow, "documents.removed", severity=AuditSeverity.CRITICAL, details=details)
    return len(keys)


def _check_others(uow: UnitOfWork, manifest: str, aliases: Mapping[str, str]) -> None:
    """The other manifests are not too many, and mean the same by these ids (id -> digest)."""
    others = col(PersistedDocument.manifest) != manifest
    names = select(PersistedDocument.manifest).where(others).distinct()  # unguarded: only admins register
    if len(uow.session.exec(names).all()) >= MOST_MANIFESTS:
        raise Invalid(f"There are {MOST_MANIFESTS} manifests. Remove one first.", path=("manifest",))
    taken = select(PersistedDocument).where(others, col(PersistedDocument.alias).in_(aliases))  # unguarded: only admins register
    for row in uow.session.exec(taken):
        if aliases[str(row.alias)] != row.digest:
            raise Conflict(f"The id {row.alias!r} means another document in the manifest {row.manifest!r}.", path=("documents",))


def _alias(document: NewDocument, path: tuple[str, ...]) -> str | None:
    """The document's own id; None when it is its digest. Raises Invalid for a digest that is not the text's."""
    if document.id is None:
        return None
    bare = document.id.removeprefix(PREFIX)
    if _DIGEST.fullmatch(bare):
        if bare != digest_of(document.text):
            raise Invalid(f"{document.id} is not the SHA-256 of its text.", path=path)
        return None
    if not _OWN_ID.fullmatch(document.id):
        raise Invalid("An id is `sha256:` with 64 hex digits, or up to 100 letters, digits and _ . - /", path=path)
    return document.id
