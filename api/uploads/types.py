"""Staged uploads as nodes."""

from datetime import datetime

import strawberry

from api.kit.connections import Node
from api.kit.enums import expose
from api.kit.planner import column, entity, global_id
from api.kit.scalars import BigInt
from domain.uploads import tables as t
from domain.uploads.enums import UploadKind, UploadState

expose(
    UploadKind,
    "What a file is meant for.",
    {
        "IMAGE": "A picture: JPEG, PNG, WebP or AVIF of at most 25 MiB.",
        "IMPORT": "Another program's export: text (JSON, CSV, XML), zip or gzip of at most 100 MiB.",
    },
)
expose(
    UploadState,
    "Where an upload stands.",
    {
        "WAITING": "Announced; nothing came yet, or what came was not what was announced.",
        "RECEIVING": "It is being sent.",
        "COMPLETE": "It is whole and as announced.",
    },
)


@entity(t.Upload, description="A file that somebody sends: announced, then put to its address, kept for a day.")
class Upload(Node):
    id: strawberry.ID = global_id()
    kind: UploadKind = column(t.Upload.kind, description="What it is meant for.")
    state: UploadState = column(t.Upload.state, description="Where it stands.")
    filename: str = column(t.Upload.filename, description="As the sender calls it.")
    size_bytes: BigInt = column(t.Upload.size_bytes, as_=BigInt, description="Its size in bytes, as announced.")
    sha256: str = column(t.Upload.sha256, description="Its SHA-256, hex, as announced.")
    media_type: str | None = column(t.Upload.media_type, description="What its first bytes say; null until it is complete.")
    created_at: datetime = column(t.Upload.created_at, description="When it was announced.")
    expires_at: datetime = column(t.Upload.expires_at, description="When it is deleted if nothing used it.")
