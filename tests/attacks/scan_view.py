"""What a scan says of a disk as it is now, in words that two databases share: no keys, no history."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

import domain.registry
from domain.kit.database import Database
from domain.kit.types import canonical_json

View = dict[str, list[str]]
Rows = dict[str, list[Mapping[str, Any]]]

_READ: Final = (
    "media_items", "media_files", "item_files", "library_directories", "review_queue", "image_candidates", "assets", "credits",
    "people", "item_genres", "genres", "video_streams", "subtitle_streams", "item_ratings", "collection_members", "collections",
    "field_values", "episode_orders",
)  # fmt: skip
_SHOWN: Final = ("sort_title", "sort_key", "plot", "release_date", "runtime_ms", "availability")


def view(database: Database, library_id: int) -> View:
    """Sorted lines by subject: what is present in a library, what it is made of, and what is doubted of it."""
    rows = _read(database)
    files = {row["id"]: row for row in rows["media_files"] if row["library_id"] == library_id and row["missing_since"] is None}
    items = _items(rows, library_id)
    names = {key: _name(items, key) for key in items}
    people = {row["id"]: row["name"] for row in rows["people"]}
    entities = {**names, **people}
    genres = {row["id"]: row["name"] for row in rows["genres"]}
    sets = {row["id"]: row["name"] for row in rows["collections"]}
    uris = {key: row["uri"] for key, row in files.items()}
    offers = {row["id"]: row for row in rows["image_candidates"]}
    directories = {row["id"]: row["path"] for row in rows["library_directories"]}
    told = {one["entity_id"] for one in rows["field_values"] if one["source"] == "nfo" and one["entity_id"] in names}
    several = _with_copies(rows, files)
    found: dict[str, list[Any]] = {
        "items": [
            (names[key], *(row[one] for one in _SHOWN if one != "runtime_ms" or key not in several)) for key, row in items.items()
        ],
        "homes": [row["directory_path"] for row in items.values()],
        "files": [_file(row, directories) for row in files.values()],
        "folders": [
            (one["path"], one["fingerprint"], one["file_count"]) for one in rows["library_directories"] if one["fingerprint"]
        ],
        "links": [
            (names[one["item_id"]], uris[one["file_id"]], one["role"], one["part_number"], one["title"])
            for one in rows["item_files"]
            if one["item_id"] in names and one["file_id"] in uris
        ],
        "streams": [
            (uris[one["file_id"]], one["stream_index"], one["codec"], one["language"])
            for table in ("video_streams", "subtitle_streams")
            for one in rows[table]
            if one["file_id"] in uris
        ],
        "pictures": [
            (entities[one["entity_id"]], one["asset_type"], uris[one["media_file_id"]], one["rank"], one["season_number"])
            for one in rows["assets"]
            if one["entity_id"] in entities and one["media_file_id"] in uris
        ],
        "offers": [
            (uris[one["media_file_id"]], offers[one["candidate_id"]]["url"], offers[one["candidate_id"]]["width"])
            for one in rows["assets"]
            if one["media_file_id"] in uris and one["entity_id"] in entities
        ],
        "credits": [
            (names[one["item_id"]], people[one["person_id"]], one["department"], one["job"], one["role"], one["position"])
            for one in rows["credits"]
            if one["item_id"] in told
        ],
        "genres": [(names[one["item_id"]], genres[one["genre_id"]]) for one in rows["item_genres"] if one["item_id"] in names],
        "collections": [
            (names[one["item_id"]], sets[one["collection_id"]]) for one in rows["collection_members"] if one["item_id"] in names
        ],
        "said": [
            (names[one["entity_id"]], one["source"], one["field"], canonical_json(one["value"]))
            for one in rows["field_values"]
            if one["entity_id"] in names and not (one["source"] == "file" and one["entity_id"] in several)
        ],
        "orders": [
            (names[one["item_id"]], one["ordering"], one["season_number"], one["episode_number"])
            for one in rows["episode_orders"]
            if one["item_id"] in names
        ],
        "doubts": [
            (uris.get(one["file_id"]), names.get(one["item_id"]), one["reason"], one["confidence"])
            for one in rows["review_queue"]
            if one["status"] == "pending"
            and one["reason"] != "ambiguous_duplicate"
            and (one["file_id"] in uris or one["item_id"] in names)
        ],
    }
    return {subject: sorted(map(repr, lines)) for subject, lines in found.items()}


def broken(database: Database) -> list[str]:
    """What can be true of no database: presence without files, files without a default, two defaults, open doubts of nothing."""
    rows = _read(database)
    files = {row["id"]: row for row in rows["media_files"]}
    mains: dict[int, list[Mapping[str, Any]]] = {}
    for link in rows["item_files"]:
        if link["role"] == "main":
            mains.setdefault(link["item_id"], []).append(link)
    found: list[str] = []
    for item in rows["media_items"]:
        if item["kind"] not in ("movie", "episode") or item["deleted_at"] is not None:
            continue
        links = mains.get(item["id"], [])
        present = [link for link in links if files[link["file_id"]]["missing_since"] is None]
        state = "present" if present else "missing" if links else "none"
        if item["availability"] != state:
            found.append(f"{item['title']}: {item['availability']}, but {state}")
        defaults = [link for link in links if link["is_default"]]
        if present and [link in present for link in defaults] != [True]:
            found.append(f"{item['title']}: {len(defaults)} defaults, missing ones among them or none")
    return found


def _read(database: Database) -> Rows:
    tables = domain.registry.metadata.tables
    with database.read() as session:
        return {name: [row._mapping for row in session.connection().execute(sa.select(tables[name]))] for name in _READ}


def _items(rows: Rows, library_id: int) -> dict[int, Mapping[str, Any]]:
    every = {row["id"]: row for row in rows["media_items"]}
    return {
        key: row
        for key, row in every.items()
        if row["availability"] == "present"
        and row["deleted_at"] is None
        and every[row["root_id"] or key]["library_id"] == library_id
    }


def _name(items: Mapping[int, Mapping[str, Any]], key: int | None) -> str:
    if key is None or key not in items:
        return ""
    row = items[key]
    above = _name(items, row["parent_id"])
    return f"{above} > {row['kind']} {row['title']} ({row['year']}) #{row['position']} {row['edition']}"


def _with_copies(rows: Rows, files: Mapping[int, Any]) -> set[int]:
    """Items with several copies: which of them is played first, and so their length, is a matter of their history."""
    counts = Counter(one["item_id"] for one in rows["item_files"] if one["role"] == "main" and one["file_id"] in files)
    return {item for item, count in counts.items() if count > 1}


def _file(row: Mapping[str, Any], directories: Mapping[int, str]) -> tuple[Any, ...]:
    facts = ("file_kind", "size_bytes", "modified_at", "quick_hash", "container", "duration_ms", "probe_error")
    return row["uri"], directories[row["directory_id"]], row["verified_at"] is not None, *(row[one] for one in facts)
