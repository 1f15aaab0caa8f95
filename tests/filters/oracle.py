"""What a filter means, said once more in plain Python over the rows themselves."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from domain.artwork.tables import Asset
from domain.catalog import tables as t
from domain.catalog.sorting import sort_key
from domain.kit.ids import parse_id
from domain.libraries import tables as f
from tests.filters.world import World

Row = dict[str, Any]
RESOLUTIONS = ("SD", "HD_720", "HD_1080", "UHD_2160", "UHD_4320")
COLUMNS = {"TITLE": "sort_key", "RUNTIME": "runtime_ms"}


def _keys(ids: Iterable[str]) -> set[int]:
    return {parse_id(each)[1] for each in ids}


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _milliseconds(text: str) -> int:
    hours, minutes, seconds = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text).groups()  # type: ignore[union-attr]
    return (int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)) * 1000


def compares(value: Any, given: dict[str, Any], read: Callable[[Any], Any] = lambda each: each) -> bool:
    """Whether a value meets eq, in, gte and lte. None meets nothing."""
    if value is None:
        return not given
    tests = {
        "eq": lambda a: value == read(a), "in": lambda a: value in [read(each) for each in a],
        "gte": lambda a: value >= read(a), "lte": lambda a: value <= read(a),
    }  # fmt: skip
    return all(tests[name](asked) for name, asked in given.items())


def has(present: set[Any], given: dict[str, Any], read: Callable[[Iterable[str]], set[Any]] = _keys) -> bool:
    """anyOf, allOf and noneOf of a set."""
    tests = {
        "anyOf": lambda asked: bool(present & asked),
        "allOf": lambda asked: asked <= present,
        "noneOf": lambda asked: not present & asked,
    }
    return all(tests[name](read(asked)) for name, asked in given.items() if name in tests)


def resolution(stream: Row) -> str:
    """The finest class that the width or the height claims."""
    by_width = sum(stream["width"] >= least for least in (1200, 1800, 3200, 6400))
    by_height = sum(stream["height"] >= least for least in (700, 1000, 1800, 3600))
    return RESOLUTIONS[max(by_width, by_height)]


class Oracle:
    """Reads a world by item."""

    def __init__(self, world: World) -> None:
        self.items = [row for row in world.rows[t.MediaItem] if row["deleted_at"] is None]
        self._by: dict[Any, dict[int, list[Row]]] = {}
        for model, column in (
            (t.ItemGenre, "item_id"), (t.ItemStudio, "item_id"), (t.ItemCountry, "item_id"), (t.CollectionMember, "item_id"),
            (t.Tag, "item_id"), (t.Credit, "item_id"), (t.ItemRating, "item_id"), (t.ItemCertification, "item_id"),
            (t.ExternalId, "entity_id"), (t.FieldLock, "entity_id"), (f.ReviewItem, "item_id"), (Asset, "entity_id"),
            (f.ItemFile, "item_id"), (f.MediaFile, "id"), (f.VideoStream, "file_id"), (f.AudioStream, "file_id"),
            (f.SubtitleStream, "file_id"),
        ):  # fmt: skip
            rows: dict[int, list[Row]] = defaultdict(list)
            for row in world.rows.get(model, []):
                rows[row[column]].append(row)
            self._by[model] = rows

    def of(self, model: Any, key: int) -> list[Row]:
        """The rows of a model that hang on an item or a file."""
        found: list[Row] = self._by[model].get(key, [])
        return found

    def listed(self, where: dict[str, Any], orders: Sequence[tuple[str, str]], *, kinds: set[str], is_child: bool) -> list[int]:
        """Keys of the items that meet a filter, in order."""
        rows = [row for row in self.items if row["kind"] in kinds and (not is_child or self._is_for_children(row))]
        found = [row for row in rows if self.meets(where, row, is_child=is_child)]
        found.sort(key=lambda row: row["id"], reverse=orders[-1][1] == "DESC")
        for name, direction in reversed(orders):
            column = COLUMNS.get(name, name.lower())
            found.sort(key=lambda row: (0,) if row[column] is None else (1, row[column]), reverse=direction == "DESC")
            found.sort(key=lambda row: row[column] is None)
        return [row["id"] for row in found]

    def _is_for_children(self, row: Row) -> bool:
        return row["min_age"] is not None and row["min_age"] <= 12

    def meets(self, where: dict[str, Any], row: Row, *, is_child: bool = False) -> bool:
        """Whether an item meets a filter."""

        def again(inner: dict[str, Any]) -> bool:
            return self.meets(inner, row, is_child=is_child)

        for name, given in where.items():
            if name == "and":
                ok = all(map(again, given))
            elif name == "or":
                ok = any(map(again, given))
            elif name == "not":
                ok = not again(given)
            elif name == "isInReview":
                ok = given == (not is_child and bool(self.of(f.ReviewItem, row["id"])))
            else:
                ok = self._field(name, given, row)
            if not ok:
                return False
        return True

    def _field(self, name: str, given: Any, row: Row) -> bool:
        key = row["id"]
        match name:
            case "id" | "library" | "parent" | "root":
                column = "id" if name == "id" else f"{name}_id"
                return compares(row[column], given, lambda each: parse_id(each)[1])
            case "kind" | "availability" | "identification" | "enrichment" | "publication" | "productionStatus":
                value = row[re.sub(r"(?<!^)([A-Z])", lambda found: "_" + found[0].lower(), name)]
                return value is not None and value.upper() in given
            case "isTop":
                return given == (row["level"] == 0)
            case "isKidsFriendly" | "isMonitored":
                return bool(given == row["is_kids_friendly" if name == "isKidsFriendly" else "is_monitored"])
            case "title":
                return self._title(row["sort_key"], given)
            case "edition" | "year" | "popularity":
                return compares(row[name], given)
            case "originalLanguage" | "minAge":
                return compares(row["original_language" if name == "originalLanguage" else "min_age"], given)
            case "releaseDate":
                return compares(row["release_date"], given, dt.date.fromisoformat)
            case "runtime":
                return compares(row["runtime_ms"], given, _milliseconds)
            case "createdAt" | "updatedAt":
                return compares(row["created_at" if name == "createdAt" else "updated_at"], given, _moment)
            case "missing":
                return not any(self._has_part(part, row) for part in given)
            case "hasLocks":
                return given == bool(self.of(t.FieldLock, key))
            case "hasSeveralCopies":
                return given == any(link["copy_number"] > 1 for link in self.of(f.ItemFile, key))
            case "file":
                return any(self._file(given, link["file_id"]) for link in self.of(f.ItemFile, key))
            case "subtitles":
                return any(compares(s["language"], given) for s in self._subtitles(key))
            case _:
                return self._link(name, given, key)

    def _title(self, value: str, given: dict[str, Any]) -> bool:
        tests = {
            "eq": lambda a: value == sort_key(a), "in": lambda a: value in map(sort_key, a),
            "startsWith": lambda a: value.startswith(sort_key(a)), "contains": lambda a: sort_key(a) in value,
        }  # fmt: skip
        return all(tests[name](asked) for name, asked in given.items())

    def _link(self, name: str, given: dict[str, Any], key: int) -> bool:
        credits = [row for row in self.of(t.Credit, key) if not row["is_removed"]]
        match name:
            case "genres":
                return has({row["genre_id"] for row in self.of(t.ItemGenre, key)}, given)
            case "studios":
                return has({row["studio_id"] for row in self.of(t.ItemStudio, key)}, given)
            case "countries":
                return has({row["country_id"] for row in self.of(t.ItemCountry, key)}, given)
            case "collections":
                return has({row["collection_id"] for row in self.of(t.CollectionMember, key)}, given)
            case "people":
                return has({row["person_id"] for row in credits}, given)
            case "tags":
                return has({row["key"] for row in self.of(t.Tag, key)}, given, set)
            case "credit":
                people = _keys(given["people"])
                departments, job = given.get("department"), given.get("job", {})
                return any(
                    row["person_id"] in people and compares(row["job"], job)
                    and (departments is None or row["department"].upper() in departments)
                    for row in credits
                )  # fmt: skip
            case "rating":
                return any(
                    row["source"] == given["source"] and compares(row["votes"], given.get("votes", {}))
                    and compares(row["value"], given.get("value", {}), lambda each: Decimal(str(each)))
                    for row in self.of(t.ItemRating, key)
                )  # fmt: skip
            case "externalId":
                return any(
                    row["provider"] == given["provider"] and given.get("namespace", row["namespace"]) == row["namespace"]
                    and compares(row["external_id"], given.get("value", {}))
                    for row in self.of(t.ExternalId, key)
                )  # fmt: skip
            case "certification":
                return any(
                    row["system"] == given["system"] and compares(row["code"], given.get("code", {}))
                    for row in self.of(t.ItemCertification, key)
                )  # fmt: skip
        raise KeyError(name)

    def _subtitles(self, key: int) -> list[Row]:
        return [stream for link in self.of(f.ItemFile, key) for stream in self.of(f.SubtitleStream, link["file_id"])]

    def _has_part(self, part: str, row: Row) -> bool:
        key = row["id"]
        shown = {asset["asset_type"] for asset in self.of(Asset, key) if asset["rank"] is not None}
        parts = {
            "POSTER": lambda: "poster" in shown, "BACKDROP": lambda: "fanart" in shown, "LOGO": lambda: "clearlogo" in shown,
            "TRAILER": lambda: False, "SUBTITLES": lambda: self._subtitles(key), "PLOT": lambda: row["plot"] is not None,
            "YEAR": lambda: row["year"] is not None, "RELEASE_DATE": lambda: row["release_date"] is not None,
            "RUNTIME": lambda: row["runtime_ms"] is not None, "GENRES": lambda: self.of(t.ItemGenre, key),
            "CREDITS": lambda: [each for each in self.of(t.Credit, key) if not each["is_removed"]],
            "RATINGS": lambda: self.of(t.ItemRating, key), "CERTIFICATION": lambda: row["min_age"] is not None,
            "EXTERNAL_ID": lambda: self.of(t.ExternalId, key),
        }  # fmt: skip
        return bool(parts[part]())

    def _file(self, given: dict[str, Any], key: int) -> bool:
        (file,) = self.of(f.MediaFile, key)
        video, audio = self.of(f.VideoStream, key), self.of(f.AudioStream, key)
        tests: dict[str, Callable[[Any], bool]] = {
            "resolution": lambda a: any(resolution(s) in a for s in video),
            "videoCodec": lambda a: any(compares(s["codec"], a) for s in video),
            "isHdr": lambda a: bool(video) and a == any(s["hdr_format"] is not None for s in video),
            "hdrFormat": lambda a: any(compares(s["hdr_format"], a) for s in video),
            "audioCodec": lambda a: any(compares(s["codec"], a) for s in audio),
            "audioLanguage": lambda a: any(compares(s["language"], a) for s in audio),
            "audioChannels": lambda a: any(compares(s["channels"], a) for s in audio),
            "subtitleLanguage": lambda a: any(compares(s["language"], a) for s in self.of(f.SubtitleStream, key)),
            "container": lambda a: compares(file["container"], a),
            "sizeBytes": lambda a: compares(file["size_bytes"], a),
        }
        return all(tests[name](asked) for name, asked in given.items())
