"""Ids of rows of the made-up household, by what they are to the filters."""

from typing import Any

from domain.catalog import tables as t
from domain.kit.ids import global_id


def names(rows: dict[Any, list[dict[str, Any]]]) -> dict[str, str]:
    """`cases.items(names(world.rows))`: ids of common and rare rows, a title, an id in a catalogue."""
    live = [row for row in rows[t.MediaItem] if row["deleted_at"] is None]

    def item(kind: str) -> str:
        return global_id("media_items", next(row["id"] for row in live if row["kind"] == kind))

    def row(model: Any, place: int) -> str:
        return global_id(model.__tablename__, rows[model][place]["id"])

    countries = sorted({link["country_id"] for link in rows[t.ItemCountry]})
    return {
        "item": item("movie"), "season": item("season"), "series": item("series"), "title": live[5]["title"],
        "genre": row(t.Genre, 0), "other_genre": row(t.Genre, 1), "rare_genre": row(t.Genre, -1),
        "studio": row(t.Studio, 0), "rare_studio": row(t.Studio, -1), "person": row(t.Person, 0),
        "collection": row(t.Collection, 0), "country": global_id("countries", countries[0]),
        "rare_country": global_id("countries", countries[-1]), "external": rows[t.ExternalId][3]["external_id"],
    }  # fmt: skip
