"""Ties files to items: copies and parts of the media itself, extras, trailers, samples, themes and subtitles."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.applying.model import Batch, Link
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, MediaFile, VideoStream


def write_links(uow: UnitOfWork, batch: Batch) -> None:
    """Make the links of the decided files what the batch wants; numbers that a copy has already stay."""
    wanted: dict[tuple[int, int], Link] = {(link.item_id, link.file_id): link for link in batch.links}
    present: dict[tuple[int, int], Any] = {}
    gone: list[int] = []
    for row in rows_of(uow.session, ItemFile.file_id, batch.decided):
        link = wanted.get((row.item_id, row.file_id))
        if link is not None and link.role == row.role:
            present[row.item_id, row.file_id] = row
        else:
            gone.append(row.id)
            if row.role == FileRole.MAIN:
                batch.touched.add(row.item_id)
    for piece in chunks(gone):
        uow.session.connection().execute(sa.delete(ItemFile).where(col(ItemFile.id).in_(piece)))
    mains = [link for link in wanted.values() if link.role is FileRole.MAIN]
    numbers = _number_copies(uow, mains, present)
    _write(uow, batch, wanted.values(), present, numbers)


def _number_copies(
    uow: UnitOfWork, mains: Sequence[Link], present: Mapping[tuple[int, int], Any]
) -> dict[tuple[int, int], tuple[int, int]]:
    """(copy, part) of each main link: parts of one copy share its number, a new copy gets the next."""
    taken: dict[int, set[tuple[int, int]]] = defaultdict(set)
    numbers: dict[tuple[int, int], tuple[int, int]] = {}
    of_group: dict[tuple[int, str], int] = {}
    for row in rows_of(uow.session, ItemFile.item_id, [link.item_id for link in mains], col(ItemFile.role) == FileRole.MAIN):
        taken[row.item_id].add((row.copy_number, row.part_number))
        numbers[row.item_id, row.file_id] = (row.copy_number, row.part_number)
    for link in mains:
        if (link.item_id, link.file_id) in present:
            of_group.setdefault((link.item_id, link.group), numbers[link.item_id, link.file_id][0])
    for link in mains:
        key = (link.item_id, link.file_id)
        if key in present:
            continue
        used = taken[link.item_id]
        copy = of_group.get((link.item_id, link.group))
        if copy is None:
            copy = max((number for number, _ in used), default=0) + 1
            of_group[link.item_id, link.group] = copy
        part = link.part
        while (copy, part) in used:
            part += 1
        used.add((copy, part))
        numbers[key] = (copy, part)
    return numbers


def _write(
    uow: UnitOfWork,
    batch: Batch,
    links: Iterable[Link],
    present: Mapping[tuple[int, int], Any],
    numbers: Mapping[tuple[int, int], tuple[int, int]],
) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for link in links:
        key = (link.item_id, link.file_id)
        beside = (link.item_id, link.beside) if link.beside is not None else key
        copy, part = numbers.get(beside, (1, 1))
        row = present.get(key)
        if row is None:
            values = {"role": link.role, "copy_number": copy, "part_number": part, "title": link.title}
            new.append({"item_id": link.item_id, "file_id": link.file_id, "is_default": False, **values})
            if link.role is FileRole.MAIN:
                batch.touched.add(link.item_id)
        elif row.title != link.title:
            changed.append({"key": row.id, "title": link.title})
    update_rows(uow, ItemFile, changed)
    insert_rows(uow, ItemFile, new)


def choose_defaults(uow: UnitOfWork, item_ids: Iterable[int]) -> None:
    """Give each item a default copy: the one it has while that is there, else the tallest, else the largest."""
    rows = [row for row in rows_of(uow.session, ItemFile.item_id, item_ids) if row.role == FileRole.MAIN]
    files = {row.id: row for row in rows_of(uow.session, MediaFile.id, [row.file_id for row in rows])}
    heights: dict[int, int] = {}
    for stream in rows_of(uow.session, VideoStream.file_id, files):
        heights[stream.file_id] = max(heights.get(stream.file_id, 0), stream.height or 0)
    by_item: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if row.part_number == 1 or row.is_default:
            by_item[row.item_id].append(row)
    off: list[dict[str, Any]] = []
    on: list[dict[str, Any]] = []
    for links in by_item.values():
        present = [row for row in links if files[row.file_id].missing_since is None]
        current = next((row for row in links if row.is_default), None)
        if current is not None and (current in present or not present):
            continue
        best = min(present or links, key=lambda row: _merit(row, files[row.file_id], heights))
        if best.part_number != 1:
            continue
        off += [{"key": current.id, "is_default": False}] if current is not None else []
        on.append({"key": best.id, "is_default": True})
    update_rows(uow, ItemFile, off)
    update_rows(uow, ItemFile, on)


def _merit(link: Any, file: Any, heights: Mapping[int, int]) -> tuple[int, int, int]:
    return -heights.get(link.file_id, 0), -file.size_bytes, link.copy_number
