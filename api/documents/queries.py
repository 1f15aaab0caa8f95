"""Root fields that read registered documents."""

from typing import Annotated

import strawberry

from api.documents.types import PersistedDocument
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.paging import After, Before, First, Last
from api.kit.planner import Condition, IsIn, page
from domain.documents import tables as t

Manifest = Annotated[str | None, strawberry.argument(description="Only those of this manifest.")]


@strawberry.type
class DocumentQueries:
    """Reads of registered documents."""

    @query(Permission.ADMIN, "Registered documents, by manifest.")
    def persisted_documents(
        self, manifest: Manifest = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PersistedDocument] | None:
        where: list[Condition] = [] if manifest is None else [IsIn(t.PersistedDocument.manifest, [manifest])]
        order = (t.PersistedDocument.manifest, t.PersistedDocument.id)
        return page(PersistedDocument, where=where, order_by=order, first=first, after=after, last=last, before=before)
