"""Random rows of any table: nulls, empty and hostile texts, numbers at their ends; what a constraint refuses is left out."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

import domain.registry
from domain.kit.types import Instant, Thousandths

METADATA: Final = domain.registry.metadata
START: Final = datetime(2020, 2, 29, 23, 59, 59, tzinfo=UTC)
TEXTS: Final = (
    "Zebra", "zebra", "Ärger", "Arger", "ost", "Öst", "一二", "Æon", "a_b", "a%b", "O'Neil", 'Say "hi"', "tab\there",
    "😀 face", "", " ", "line\nbreak", "\u2028", "back\\slash", "e\u0301", "é", "null", "0", "</script>",
)  # fmt: skip
_JSON: Final = ({}, [], {"a": 1}, {"b": [1, 2.5, None, True], "ä": {"é": "\u2028"}}, [[], {}], ["*.tmp", "Ünfug"])
"""Keys in the order in which PostgreSQL's jsonb keeps them: what it does to others is no matter of the planner's."""
_SPECIAL: Final[dict[str, Any]] = {
    "assets.asset_type": ("poster", "poster", "fanart", "actor_thumb", "banner"),
    "assets.rank": (None, 0, 0, 1, 2),
    "image_candidates.asset_type": ("poster", "fanart", "banner"),
    "image_choices.asset_type": ("poster", "fanart"),
    "external_ids.provider": ("tmdb", "imdb", "tvdb", "ödb"),
    "item_certifications.system": ("mpaa",), "item_certifications.code": ("PG", "R", "PG-13"),
    "item_certifications.country": ("", "US", "DE", "CA"),
    "api_tokens.scopes": ([], ["read"], ["read", "write"], ["admin", "jobs"]),
    "series_orders.numbers": (None, [[1, 2, 1, 1], [1, 1, 1, 2]]),
    "users.timezone": ("Europe/Berlin", "UTC"), "users.locale": ("de", "pt-BR"),
    "jobs.subject": (None, "itm_1", "itm_999", "lib_1", "nonsense", "usr_1"),
    "job_schedules.cron": ("0 4 * * *",), "job_schedules.zone": ("UTC",),
    "jobs.progress": (None, 0.0, 0.25, 1 / 3, 1.0), "jobs.priority": (1, 5, 10),
    "review_queue.candidates": ([], [{"item": "itm_1"}], [{"year": 1990, "title": "Ärger"}]),
    "review_queue.confidence": (0.0, 0.5, 1.0, 0.1 + 0.2),
    # only a change writes these, and undoing it reads them
    "change_rows.before": ({"said": {}, "locks": {}, "tags": {}, "shown": {}},),
    "change_rows.after": (
        {"said": {}, "locks": {}, "tags": {}, "shown": {}},
        {"said": {}, "locks": {"title": "locked"}, "tags": {}, "shown": {"title": "Ünfug", "year": 1990}},
    ),
    "change_rows.errors": ([], [{"code": "VERSION_CONFLICT", "message": "Ünfug", "path": ["é", 0]}]),
    # numbers that automation alone writes
    "image_candidates.score_breakdown": (
        None, {"number": 0, "preference": 1},
        {"resolution": 30.0, "aspect": 12.5, "language": 0.0, "votes": 10.25, "provider": 1 / 3},
    ),
    "cached_files.perceptual_hash": (None, "f" * 36, "f" * 35 + "0", "0" * 36),
    "cached_files.difference_hash": (None, "f" * 36, "f" * 34 + "03"),
    "provider_priorities.priority": (1, 2, 3), "provider_priorities.field": ("*", "title", "artwork.poster"),
    "sources.kind": ("radarr", "sonarr", "lidarr", "radarr", "plex"), "inbound_events.source": ("radarr", "sonarr", "plex"),
    "sources.config": ({}, {"publishes": False}, {"verifies_certificate": False, "publishes": True}),
    "inbound_events.body": ("{}", '{"eventType": "Test"}', '{"a": [1, 2.5, null, true], "ä": {"é": "\u2028"}}', "null"),
    "inbound_events.chain": (None, "job_1", "job_2", "nonsense"), "jobs.chain": (None, "job_1", "job_2", "ö"),
    "provider_configs.recent": ([], [1735689600000]),
    # nobody listens there: whoever asks such a player hears so at once
    "players.host": ("127.0.0.1", "127.0.0.2", "localhost"), "players.port": tuple(range(1, 20)), "players.base_path": ("", "/b"),
    "players.websocket_port": (None, 1), "players.password": (None,), "players.api_key": (None,),
    "player_states.total_ms": (None, 0, 2**40), "player_states.position_ms": (0, 1, 2**40),
    "playback_captures.total_ms": (None, 0, 2**40), "playback_captures.position_ms": (0, 1, 2**40),
    "player_states.streams": (
        {},
        {"audio": {"index": 0, "language": "de"},
         "video": {"index": 0, "title": "Ünfug", "codec": "hevc", "width": 3840, "height": 2160}},
        {"audio": {"channels": 6, "codec": "eac3", "title": "Ünfug"},
         "subtitle": {"index": 2, "codec": "subrip", "language": "pt-BR", "title": "é"}},
        {"audio": None, "video": 5},
    ),
    "markers.confidence": (None, 0.0, 1.0, 1 / 3), "countries.code": (None, "XX", "XY", "XZ"),
    "translations.language": ("de", "fr", "pt-BR"), "libraries.metadata_languages": (None, ["de"], ["pt-BR", "en"]),
    "media_items.min_age": (None, 0, 6, 12, 13, 16, 18),
    "media_items.year": (None, None, 1895, 1990, 1990, 2000, 2001, 2**31 - 1),
}  # fmt: skip
_BIG: Final = (0, 1, 2, 2**31 - 1, 2**31, 2**40 + 7, 2**53 - 1)
_SMALL: Final = (0, 1, 1, 2, 3, 5, 10, 1000, 2**31 - 1)

_PLAIN: Final[dict[type, Any]] = {
    bool: (True, False), int: _SMALL, bytes: (b"", b"x"), float: (0.0, 0.1 + 0.2, 1 / 3, 99.5, 1e-9, 12345678.9),
    date: (date(1999, 12, 31), date(2024, 2, 29), date(1000, 1, 1), date(9999, 12, 31)),
}  # fmt: skip


class Filler:
    """Makes rows with one seeded dice; knows the keys of every table that has rows."""

    def __init__(self, connection: sa.Connection, seed: int) -> None:
        self.connection = connection
        self.dice = random.Random(seed)
        self.number = 0

    def keys(self, target: str) -> list[Any]:
        """The values of a column (`table.column`), in order."""
        table, _, column = target.partition(".")
        return list(self.connection.execute(sa.select(METADATA.tables[table].c[column]).order_by(sa.text("1"))).scalars())

    def fill(self, name: str, count: int, /, **fixed: Any) -> int:
        """Try `count` rows of a table; returns how many its constraints let in."""
        table = METADATA.tables[name]
        known = {key.target_fullname: self.keys(key.target_fullname) for c in table.columns for key in c.foreign_keys}
        made = 0
        for _ in range(count):
            row = {c.name: self._cell(name, c, known) for c in table.columns if c.name not in fixed and not _is_own_key(table, c)}
            row |= {key: value() if callable(value) else value for key, value in fixed.items()}
            self._complete(name, row)
            try:
                with self.connection.begin_nested():
                    self.connection.execute(sa.insert(table).values(row))
                made += 1
            except sa.exc.IntegrityError:
                continue
        return made

    def vary(self, name: str, *columns: str) -> None:
        """Give these columns of every row other values."""
        table = METADATA.tables[name]
        known = {key.target_fullname: self.keys(key.target_fullname) for c in table.columns for key in c.foreign_keys}
        for key in self.keys(f"{name}.id"):
            row = {each: self._cell(name, table.c[each], known) for each in columns}
            self.connection.execute(sa.update(table).where(table.c.id == key).values(row))

    def entity(self, kind: str) -> int:
        """The key of a new entity, for tables that share it."""
        table = METADATA.tables["entities"]
        now = {"created_at": START, "updated_at": START}
        return int(self.connection.execute(sa.insert(table).values(kind=kind, **now).returning(table.c.id)).scalar_one())

    def _complete(self, name: str, row: dict[str, Any]) -> None:
        """What belongs together."""
        if name in ("external_ids",):
            kinds = METADATA.tables["entities"].c
            row["entity_kind"] = self.connection.execute(sa.select(kinds.kind).where(kinds.id == row["entity_id"])).scalar_one()
        if name == "episode_orders":
            items = METADATA.tables["media_items"].c
            row["root_id"] = self.connection.execute(sa.select(items.root_id).where(items.id == row["item_id"])).scalar_one()
        if name == "series_orders":
            row["fetched_at"] = None if row["numbers"] is None else START
        if name == "review_queue":
            row["file_id" if self.dice.random() < 0.5 else "item_id"] = None
            row["resolved_at"] = None if row["status"] == "pending" else START
        if name == "jobs":
            status = str(row["status"])
            row["failure"] = row["failure"] or "error" if status == "failed" else None
            row["pending_deps"] = 1 if status == "waiting" else 0
            row["lease_until"] = START if status in ("running", "cancelling") else None
            row["finished_at"] = START if status in ("completed", "failed", "cancelled") else None
        if name == "enrichment_results":
            row["error"] = (row["error"] or "It failed.") if str(row["outcome"]) == "failed" else None
        if name == "publish_runs":
            row["failure"] = row["failure"] or "disk_full" if str(row["status"]) == "failed" else None
            row["finished_at"] = None if str(row["status"]) == "running" else START
        if name == "inbound_events":
            status = str(row["status"])
            row["failure"] = row["failure"] or "no_library" if status == "failed" else None
            row["processed_at"] = None if status == "received" else START
        if name == "job_schedules":
            row["next_run_at"] = START if row["is_enabled"] else None
        if "frame_rate_numerator" in row:
            both = self.dice.choice([(None, None), (24000, 1001), (25, 1)])
            row["frame_rate_numerator"], row["frame_rate_denominator"] = both
        if name == "player_groups":
            row["max_members"] = None if str(row["type"]) == "kodi" else 1
        if name == "players":
            groups = METADATA.tables["player_groups"].c
            type_ = sa.select(groups.type).where(groups.id == row["group_id"])
            row["group_type"] = self.connection.execute(type_).scalar_one()
            row["watched_until"] = None if row["watcher"] is None else START
        if name == "playback_captures":
            row["restored_at"] = START if str(row["status"]) == "restored" else None
        if name == "path_mappings":
            owners = ("source_id", "source_collection_id", "player_group_id")
            row |= dict.fromkeys(owners) | {"player_group_id": self.dice.choice(self.keys("player_groups.id"))}
        if name == "item_files":
            row["start_ms"], row["end_ms"] = self.dice.choice([(None, None), (0, 1), (1000, 2**40)])

    def _cell(self, table: str, column: sa.Column[Any], known: dict[str, list[Any]]) -> Any:
        path, dice = f"{table}.{column.name}", self.dice
        if path in _SPECIAL:
            return dice.choice(_SPECIAL[path])
        if column.nullable and dice.random() < 0.3:
            return None
        targets = [known[key.target_fullname] for key in column.foreign_keys if known[key.target_fullname]]
        if column.foreign_keys:
            return dice.choice(targets[0]) if targets else None
        return self._value(column)

    def _value(self, column: sa.Column[Any]) -> Any:
        kind, dice = column.type, self.dice
        self.number += 1
        if isinstance(kind, Instant):
            return START + timedelta(seconds=dice.randrange(10**8), microseconds=dice.choice([0, 1, 120_000]))
        if isinstance(kind, Thousandths):
            return dice.choice([Decimal("8.123"), Decimal("0.1"), Decimal("9.999"), Decimal("7"), Decimal("0")])
        if isinstance(kind, sa.JSON):
            return dice.choice(_JSON)
        if isinstance(kind, sa.Enum):
            return dice.choice(list(kind.enum_class) if kind.enum_class is not None else list(kind.enums))
        if isinstance(kind, sa.BigInteger):
            return dice.choice(_BIG)
        if column.name.endswith(("_hash", "token", "sha256", "identity_key", "_normalized")) or column.unique:
            return f"{column.name}-{self.number}"
        if isinstance(kind, sa.SmallInteger):
            return dice.choice((0, 1, 2, 2**15 - 1))
        if kind.python_type not in _PLAIN:  # text behind a decorator of SQLModel's
            return dice.choice(TEXTS)[: getattr(kind, "length", None)]
        value = dice.choice(_PLAIN[kind.python_type])
        return min(value, 1000) if column.name == "version" else value  # the next change adds one to it


def _is_own_key(table: sa.Table, column: sa.Column[Any]) -> bool:
    return column.name == "id" and not column.foreign_keys
