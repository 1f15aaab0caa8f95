"""Root fields that read uploads."""

from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.fields import query
from api.kit.planner import ref
from api.uploads.types import Upload
from domain.kit.ids import key_of

Id = Annotated[strawberry.ID, strawberry.argument(description="The upload.")]


@strawberry.type
class UploadQueries:
    """Reads of uploads."""

    @query(Permission.READ, "An upload of yours (of anybody's, for administrators).")
    def upload(self, id: Id) -> Upload | None:
        return ref(Upload, key_of("uploads", id))
