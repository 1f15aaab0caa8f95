"""How an engine means to run a statement: the big tables that it would read from end to end, without any index."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg

from domain.kit.database import Database

BIG = {
    "media_items", "entities", "item_genres", "item_studios", "item_countries", "item_ratings", "item_certifications", "tags",
    "people", "credits", "collection_members", "external_ids", "assets", "cached_files", "media_files", "item_files",
    "video_streams", "audio_streams", "subtitle_streams",
}  # fmt: skip
"""Not `jobs`: walked by its key, newest first, which SQLite calls a scan."""
PAGES: Final = 50
"""A table of fewer is read from end to end sooner than by an index, and PostgreSQL knows how many it has."""


class Explainer:
    """Asks the engine of a database for plans, on a connection of its own."""

    def __init__(self, database: Database, *, prefers_indexes: bool) -> None:
        self._is_sqlite = database.dialect == "sqlite"
        if self._is_sqlite:
            self._sqlite = sqlite3.connect(str(database.engine.url.database))
            return
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._postgresql = psycopg.connect(url, autocommit=True, prepare_threshold=None, cursor_factory=psycopg.RawCursor)
        self._postgresql.execute("SET jit = off")
        self._postgresql.execute("SET plan_cache_mode = force_generic_plan")
        self._postgresql.execute("SET random_page_cost = 1.1")  # as the reader's connections
        if prefers_indexes:
            self._postgresql.execute("SET enable_seqscan = off")
        sized = self._postgresql.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relpages >= $1", [PAGES])
        self._big = BIG if prefers_indexes else BIG & {name for (name,) in sized}

    def scanned(self, sql: str, parameters: Sequence[Any]) -> list[str]:
        """The big tables that are read from end to end."""
        if not self._is_sqlite:
            return sorted({node["Relation Name"] for node in self._nodes(sql) if node["Node Type"] == "Seq Scan"} & self._big)
        aliases = _aliases(sql)
        steps = [row[3].split() for row in self._sqlite.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
        bare = [step[1] for step in steps if step[0] == "SCAN" and "USING" not in step]
        return sorted({aliases.get(name, name) for name in bare} & BIG)

    def _nodes(self, sql: str) -> Iterator[dict[str, Any]]:
        # a generic plan, as the reader's prepared statements have
        row = self._postgresql.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {sql}".encode()).fetchone()
        assert row is not None
        plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
        todo = [plan[0]["Plan"]]
        while todo:
            node = todo.pop()
            todo += node.get("Plans", [])
            yield node

    def work(self, sql: str, parameters: Sequence[Any]) -> int:
        """Thousands of instructions that SQLite takes; of PostgreSQL 0."""
        if not self._is_sqlite:
            return 0
        count = 0

        def tick() -> None:
            nonlocal count
            count += 1

        self._sqlite.set_progress_handler(tick, 1000)
        self._sqlite.execute(sql, parameters).fetchall()
        self._sqlite.set_progress_handler(None, 0)
        return count

    def effort(self, sql: str, parameters: Sequence[Any]) -> int:
        """Thousands of instructions of SQLite, or tens of pages that PostgreSQL touches, running the statement."""
        if self._is_sqlite:
            return self.work(sql, parameters)
        row = self._postgresql.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}".encode(), parameters).fetchone()
        assert row is not None
        top = row[0][0]["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"]) // 10

    def close(self) -> None:
        (self._sqlite if self._is_sqlite else self._postgresql).close()


def _aliases(sql: str) -> dict[str, str]:
    words = sql.replace(",", " ").replace("(", " ").replace(")", " ").replace('"', " ").split()
    return {alias: table for table, as_, alias in zip(words, words[1:], words[2:], strict=False) if as_ == "AS"}
