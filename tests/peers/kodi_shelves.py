"""What a loopback Kodi knows: its library, what lies on its disks, its sources, and the questions about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
LISTS = {
    "movie": ("movies", "movieid"), "tvshow": ("tvshows", "tvshowid"), "episode": ("episodes", "episodeid"),
    "musicvideo": ("musicvideos", "musicvideoid"), "song": ("songs", "songid"),
}  # fmt: skip
_COMMON = {
    "title", "genre", "year", "rating", "plot", "playcount", "lastplayed", "file", "resume", "art", "uniqueid", "dateadded",
    "runtime", "ratings", "fanart", "thumbnail",
}  # fmt: skip
PROPERTIES = {
    "movie": _COMMON | {"originaltitle", "sorttitle", "tagline", "set", "setid", "cast", "streamdetails", "tag", "premiered"},
    "tvshow": (_COMMON | {"episode", "season", "watchedepisodes", "studio", "cast", "premiered"}) - {"resume"},
    "episode": (_COMMON | {"season", "episode", "showtitle", "tvshowid", "firstaired", "streamdetails", "seasonid"}) - {"year"},
    "musicvideo": _COMMON | {"artist", "album", "track"},
    "song": _COMMON | {"artist", "album", "track", "disc", "albumid"},
    "unknown": _COMMON,
}


class RpcError(Exception):
    """An error as JSON-RPC has it."""

    def __init__(self, code: int, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.parameter = parameter


@dataclass
class Shelves:
    """A small library. `disk` is what lies there, by path; a scan puts it into the library."""

    rows: dict[str, dict[int, Row]] = field(default_factory=lambda: {kind: {} for kind in LISTS})
    disk: dict[str, Row] = field(default_factory=dict)
    sources: dict[str, list[Row]] = field(default_factory=lambda: {"video": [], "music": []})
    unlisted: set[str] = field(default_factory=set)
    """Folders that changed since Kodi listed them: it does not see what is new there."""
    has_stale_cache: bool = True
    last_id: int = 0

    def add(self, type_: str, **fields: Any) -> Row:
        """Something that is in the library; its id under its usual name."""
        self.last_id += 1
        row = {LISTS[type_][1]: self.last_id, "label": fields.get("title", ""), **fields}
        self.rows[type_][self.last_id] = row
        return row

    def put(self, type_: str, path: str, **fields: Any) -> None:
        """Something that lies on the disk, with what its NFO says; its folder's parent has to be listed anew."""
        self.disk[path] = {"type": type_, "file": path, **fields}
        self.unlisted.add(_above(path.rpartition("/")[0] + "/"))

    def scan(self, directory: str) -> list[tuple[str, int]]:
        """Take in what is new below a folder, or below all sources; what came, by type and id."""
        if self.has_stale_cache and directory and _above(directory) in self.unlisted:
            return []
        found = []
        known = {row.get("file") for rows in self.rows.values() for row in rows.values()}
        for path, said in sorted(self.disk.items()):
            if path.startswith(directory) and path not in known:
                type_ = said["type"]
                row = self.add(type_, **{name: value for name, value in said.items() if name != "type"})
                found.append((type_, row[LISTS[type_][1]]))
        return found

    def clean(self) -> list[tuple[str, int]]:
        """Forget what does not lie on the disk."""
        gone = [
            (type_, key) for type_, rows in self.rows.items() for key, row in rows.items() if row.get("file") not in self.disk
        ]
        for type_, key in gone:
            del self.rows[type_][key]
        return gone

    def refresh(self, type_: str, key: int) -> int:
        """Read the NFO anew: the item is deleted and comes again under another id."""
        old = self.one(type_, key)
        del self.rows[type_][key]
        said = {name: value for name, value in self.disk.get(old["file"], {}).items() if name != "type"}
        kept = {name: value for name, value in old.items() if name != LISTS[type_][1]}
        return int(self.add(type_, **{**kept, **said})[LISTS[type_][1]])

    def one(self, type_: str, key: Any) -> Row:
        """An item. Raises RpcError as Kodi does for an id that is not there."""
        if key not in self.rows[type_]:
            raise RpcError(-32602, "Invalid params.", LISTS[type_][1])
        return self.rows[type_][key]

    def details(self, type_: str, params: Row) -> Row:
        """The answer of Get…Details."""
        wanted = checked(type_, params.get("properties", ()))
        row = self.one(type_, params.get(LISTS[type_][1]))
        return {f"{type_}details": shown(type_, row, wanted)}

    def list(self, type_: str, params: Row) -> Row:
        """The answer of Get…s: filtered, a page of it."""
        name, _ = LISTS[type_]
        wanted = checked(type_, params.get("properties", ()))
        rules = params.get("filter", {}).get("and", [])
        found = [row for row in self.rows[type_].values() if all(_meets(row, rule) for rule in rules)]
        found = [row for row in found if all(row.get(one) == params[one] for one in ("tvshowid", "season") if one in params)]
        limits = params.get("limits", {})
        start, end = limits.get("start", 0), limits.get("end", -1)
        page = found[start:end] if end >= 0 else found[start:]
        answer: Row = {"limits": {"start": start, "end": start + len(page), "total": len(found)}}
        return {**answer, name: [shown(type_, row, wanted) for row in page]} if page else answer

    def listed(self, directory: str) -> Iterator[Row]:
        """What Files.GetDirectory shows; from now on Kodi sees what is new there."""
        self.unlisted.discard(directory)
        for path in sorted(self.disk):
            if path.startswith(directory):
                yield {"file": path, "filetype": "file", "label": path.rpartition("/")[2]}


def checked(type_: str, properties: Sequence[str]) -> Sequence[str]:
    """The properties asked for. Kodi refuses all of them for one that it does not know, and for one that comes twice."""
    if len(set(properties)) != len(properties) or not set(properties) <= PROPERTIES[type_]:
        raise RpcError(-32602, "Invalid params.", "properties")
    return properties


def shown(type_: str, row: Row, properties: Sequence[str]) -> Row:
    """An item with its id, its label and what was asked for."""
    key = LISTS[type_][1]
    return {key: row[key], "label": row.get("label", ""), **{name: row[name] for name in properties if name in row}}


def _meets(row: Row, rule: Row) -> bool:
    folder, _, name = str(row.get("file", "")).removesuffix("/").rpartition("/")
    if str(row.get("file", "")).startswith("stack://"):
        folder, name = row["file"].removeprefix("stack://").partition(" , ")[0].rpartition("/")[0], row["file"]
    if "tvshowid" in row and "episodeid" not in row:
        folder = row["file"].removesuffix("/")
    values = {"path": f"{folder}/", "filename": name}
    value = str(values.get(rule["field"], row.get(rule["field"], ""))).casefold()
    wanted = str(rule["value"]).casefold()
    return wanted in value if rule["operator"] == "contains" else value == wanted


def _above(directory: str) -> str:
    return directory.rstrip("/").rpartition("/")[0] + "/"
