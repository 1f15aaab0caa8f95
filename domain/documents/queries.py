"""Reads of registered documents."""

import hashlib
from typing import Final

from sqlmodel import Session, col, select

from domain.documents.tables import PersistedDocument

PREFIX: Final = "sha256:"


def digest_of(text: str) -> str:
    """SHA-256 of a document's text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()  # short: a document has a few kB


def find_text(session: Session, document_id: str) -> str | None:
    """The text behind an id: `sha256:<hex>`, or a manifest's own id."""
    if document_id.startswith(PREFIX):
        condition = col(PersistedDocument.digest) == document_id.removeprefix(PREFIX)
    else:
        condition = col(PersistedDocument.alias) == document_id
    query = select(PersistedDocument.text).where(condition).limit(1)  # unguarded: an id is all that it takes to run one
    return session.exec(query).first()
