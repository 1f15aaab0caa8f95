"""Registered documents as nodes."""

from datetime import datetime

import strawberry

from api.accounts.types import User
from api.kit.connections import Node
from api.kit.planner import column, entity, global_id, one
from domain.documents import tables as t


@entity(t.PersistedDocument, description="An operation that a program registered beforehand. `sha256:<digest>` names it.")
class PersistedDocument(Node):
    id: strawberry.ID = global_id()
    manifest: str = column(t.PersistedDocument.manifest, description="The program and release it belongs to.")
    digest: str = column(t.PersistedDocument.digest, description="SHA-256 of its text, hex.")
    alias: str | None = column(t.PersistedDocument.alias, description="The manifest's own id for it, where that is another.")
    name: str | None = column(t.PersistedDocument.name, description="Name of its operation.")
    text: str = column(t.PersistedDocument.text, description="The operation with its fragments.")
    created_at: datetime = column(t.PersistedDocument.created_at, description="When it was registered.")
    registered_by: User | None = one(t.PersistedDocument.registered_by_user_id, description="Who; null = the console.")
