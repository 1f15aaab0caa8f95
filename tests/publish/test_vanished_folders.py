"""Acceptance check 14: what becomes of an item whose folder vanishes, and that everything is as it was when it comes back."""

import os
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.deleting import delete_item
from domain.catalog.resolving import store_values
from domain.catalog.sources import USER
from domain.libraries import expiring
from tests.conftest import ManualClock
from tests.publish.conftest import FILM, NFO, Shelf

NOW = "'2026-01-01T00:00:00.000000Z'"
STATE = "SELECT title, plot, availability, deleted_at IS NULL, version FROM media_items WHERE id = :item"


def facts(shelf: Shelf, item: int) -> list[Any]:
    """All that a person said of an item."""
    tables = {
        "field_values": "entity_id", "field_locks": "entity_id", "assets": "entity_id", "image_candidates": "entity_id",
        "credits": "item_id", "external_ids": "entity_id",
    }  # fmt: skip
    columns = {"assets": "asset_type, rank, token, cached_file_id, selected_by_user_id", "field_locks": "field, state"}
    return [
        shelf.rows(f"SELECT {columns.get(table, '*')} FROM {table} WHERE {column} = :item ORDER BY 1, 2", item=item)
        for table, column in tables.items()
    ]


def later(shelf: Shelf, clock: ManualClock, days: int) -> int:
    clock.advance(days * 86_400)
    return expiring.expire(shelf.database)


@pytest.mark.both
def test_acceptance_14_a_vanished_folder_is_marked_missing_then_put_away_and_comes_back_with_its_selections(
    films: Shelf, manual_clock: ManualClock, tmp_path: Path
) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", NFO)
    films.put("Alien (1979)/Alien (1979).mkv")
    films.scan()
    item = films.one("SELECT id FROM media_items WHERE title = 'Lampiony'")
    with films.database.transaction() as uow:
        store_values(uow, USER, {item: {"plot": "Mine."}})
    films.cached(item, "poster", b"chosen")
    films.cached(item, "fanart", b"fanart")
    films.database.perform(
        lambda uow: uow.session.connection().exec_driver_sql(
            "INSERT INTO field_locks (entity_id, field, state, locked_at, created_at, updated_at)"
            f" VALUES ({item}, 'artwork.poster', 'locked', {NOW}, {NOW}, {NOW})"
        )
    )
    films.publisher().publish(item)
    before, said = films.files(), facts(films, item)
    os.rename(films.root / FILM, tmp_path / "away")
    assert films.scan()["items_missing"] == 1
    assert films.rows(STATE, item=item)[0][2:4] == ("missing", True)
    assert later(films, manual_clock, 29) == 0
    assert later(films, manual_clock, 2) == 1
    assert not films.rows(STATE, item=item)[0][3]
    films.scan()
    assert films.one("SELECT count(*) FROM media_items WHERE deleted_at IS NULL") == 1
    manual_clock.advance(20 * 86_400)
    os.rename(tmp_path / "away", films.root / FILM)
    films.scan()
    title, plot, *state = films.rows(STATE, item=item)[0][:4]
    assert (title, plot, state) == ("Lampiony", "Mine.", ["present", True])
    assert facts(films, item) == said
    films.publisher().publish(item)
    assert films.files() == before
    assert later(films, manual_clock, 60) == 0


@pytest.mark.both
def test_a_series_comes_back_whole_and_what_stays_away_is_put_away_again(
    series: Shelf, manual_clock: ManualClock, tmp_path: Path
) -> None:
    for number in (1, 2):
        series.put(f"Lanterns (2019)/Season 01/Lanterns (2019) S01E0{number}.mkv")
    series.scan()
    live = "SELECT kind, position FROM media_items WHERE deleted_at IS NULL ORDER BY id"
    every = series.rows(live)
    for year in range(2001, 2018):  # so that the loss is not taken for that of a disk
        series.put(f"Other ({year})/Season 01/Other ({year}) S01E01.mkv")
    series.scan()
    os.rename(series.root / "Lanterns (2019)", tmp_path / "away")
    series.scan()
    assert later(series, manual_clock, 31) == 4
    assert len(series.rows(live)) == 51
    (tmp_path / "away" / "Season 01" / "Lanterns (2019) S01E02.mkv").unlink()
    os.rename(tmp_path / "away", series.root / "Lanterns (2019)")
    series.scan()
    assert series.rows(live)[: len(every)] == every
    assert later(series, manual_clock, 1) == 1  # the episode whose file stayed away
    assert len(series.rows(live)) == len(every) + 50


def test_what_a_person_deleted_stays_deleted_and_a_disk_that_is_away_costs_nothing(
    films: Shelf, manual_clock: ManualClock, tmp_path: Path
) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put("Alien (1979)/Alien (1979).mkv")
    films.scan()
    item = films.one("SELECT id FROM media_items WHERE title = 'Paper Lanterns'")
    os.rename(films.root / FILM, tmp_path / "away")
    films.scan()
    manual_clock.advance(86_400)
    with films.database.transaction() as uow:
        delete_item(uow, item_id=item)
    assert later(films, manual_clock, 60) == 0
    os.rename(tmp_path / "away", films.root / FILM)
    films.scan()
    assert films.one("SELECT deleted_at IS NULL FROM media_items WHERE id = :item", item=item) in (0, False)
    os.rename(films.root, tmp_path / "unmounted")
    films.root.mkdir()
    films.scan()
    assert later(films, manual_clock, 60) == 0
    assert films.one("SELECT count(*) FROM media_items WHERE deleted_at IS NULL") == 1
