"""Tells items how long their files play, for want of a better source."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from domain.catalog.queries import rows_of
from domain.catalog.resolving import store_values
from domain.catalog.sources import FILE
from domain.kit.database import UnitOfWork
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, MediaFile


def store_runtimes(uow: UnitOfWork, items: Iterable[int]) -> dict[int, set[str]]:
    """The length of each item's default copy, all its parts; none where several items share a file.

    Returns the changed fields by item.
    """
    is_main = ItemFile.role == FileRole.MAIN
    links = rows_of(uow.session, ItemFile.item_id, items, is_main)
    shared = Counter(row.file_id for row in rows_of(uow.session, ItemFile.file_id, [link.file_id for link in links], is_main))
    durations = {row.id: row.duration_ms for row in rows_of(uow.session, MediaFile.id, shared)}
    defaults = {link.item_id: link.copy_number for link in links if link.is_default}
    parts: dict[int, list[int | None]] = defaultdict(list)
    for link in links:
        if defaults.get(link.item_id) == link.copy_number:
            parts[link.item_id].append(durations[link.file_id] if shared[link.file_id] == 1 else None)
    totals = {item: sum(part or 0 for part in known) if None not in known else None for item, known in parts.items()}
    return store_values(uow, FILE, {item: {"runtime_ms": total or None} for item, total in totals.items()})
