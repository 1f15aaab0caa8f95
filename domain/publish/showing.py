"""The pictures that are shown, with where their bytes are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from domain.artwork.tables import CachedFile, ImageCandidate
from domain.catalog.locks import locked_fields
from domain.catalog.queries import rows_of
from domain.libraries import paths
from domain.libraries.enums import FileKind
from domain.libraries.tables import MediaFile
from domain.publish.model import Picture


def pictures_of(session: Session, shown: Sequence[Any], cache: Path) -> list[Picture]:
    """The pictures of these uses, by type and rank; `item_id` is whose they are."""
    offers = rows_of(session, ImageCandidate.id, {row.candidate_id for row in shown if row.cached_file_id is None} - {None})
    inside = {row.id: row.cached_file_id for row in offers}
    kept_of = {row.cached_file_id for row in (*shown, *offers)} - {None}
    cached = {row.id: row for row in rows_of(session, CachedFile.id, kept_of)}
    local = {row.id: row for row in rows_of(session, MediaFile.id, {row.media_file_id for row in shown} - {None})}
    locked = locked_fields(session, {row.entity_id for row in shown})
    found: list[Picture] = []
    for row in sorted(shown, key=lambda row: (row.asset_type, row.rank)):
        mine = row.is_pinned or row.selected_by_user_id is not None
        is_locked = mine or f"artwork.{row.asset_type}" in locked.get(row.entity_id, ())
        kept, file = cached.get(row.cached_file_id), local.get(row.media_file_id)
        if file is not None and file.file_kind is not FileKind.IMAGE:  # the picture is inside it
            file, kept = None, kept or cached.get(inside.get(row.candidate_id))
        found.append(
            Picture(
                row.id, row.entity_id, row.asset_type, row.rank,
                source=str(cache / kept.path) if kept is not None else paths.real(file.uri if file is not None else ""),
                # We keep the bytes of local pictures, too: one that lies beside the media stays somebody's own.
                uri=file.uri if file is not None and (kept is None or file.missing_since is None) else None,
                sha256=kept.sha256 if kept is not None else None,
                quick_hash=file.quick_hash if kept is None and file is not None else None,
                is_missing=kept is None and (file is None or file.missing_since is not None), is_locked=is_locked,
            )
        )  # fmt: skip
    return found
