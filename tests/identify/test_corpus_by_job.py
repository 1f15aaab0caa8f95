"""The corpus once more, from folders to catalogue ids: by the job, over HTTP, with a TMDB that searches as TMDB does."""

import pytest

from domain.catalog import queries, service
from domain.catalog.enums import EntityKind, EpisodeOrdering, ItemKind
from domain.catalog.resolving import store_values
from domain.catalog.sources import FILE, NAME
from domain.catalog.tables import EpisodeOrder
from domain.kit.database import UnitOfWork
from tests.identify.conftest import World
from tests.identify.corpus.reading import Case, cases


def _make(uow: UnitOfWork, world: World, case: Case, types: dict[str, int]) -> int:
    """The items that a scan would leave for a case."""
    wanted, new = case.wanted, service.NewItem
    year = wanted.years[0] if wanted.years else None
    names = {"title": wanted.titles[0], "year": year}
    if wanted.kind is EntityKind.MOVIE:
        edition = "" if wanted.is_usual_cut else "Extended"
        values = {"library_id": world.library, "year": year, "edition": edition}
        key = service.create_item(uow, media_type_id=types["movie"], kind=ItemKind.MOVIE, title=wanted.titles[0], **values)
        store_values(uow, NAME, {key: names})
        if wanted.runtime_ms:
            store_values(uow, FILE, {key: {"runtime_ms": wanted.runtime_ms}})
        return key
    items = [new(media_type_id=types["tv"], kind=ItemKind.SERIES, title=wanted.titles[0], library_id=world.tv)]
    for number, last in (wanted.seasons or {1: 0}).items():
        season = len(items)
        items.append(new(media_type_id=types["tv"], kind=ItemKind.SEASON, title="S", parent_index=0, values={"position": number}))
        position = {"position": last} if last else {}
        items.append(new(media_type_id=types["tv"], kind=ItemKind.EPISODE, title="E", parent_index=season, values=position))
    keys = service.create_items(uow, items)
    store_values(uow, NAME, {keys[0]: names})
    if wanted.absolute:
        order = EpisodeOrder(
            item_id=keys[-1], ordering=EpisodeOrdering.ABSOLUTE, root_id=keys[0], season_number=1, episode_number=wanted.absolute
        )
        uow.session.add(order)
    return keys[0]


@pytest.mark.slow
def test_the_job_is_never_wrong_and_mostly_decides_by_itself(world: World) -> None:
    told = cases()
    with world.database.transaction() as uow:
        types = {name: queries.media_type_id(uow.session, name) for name in ("movie", "tv")}
        keys = [_make(uow, world, case, types) for case in told]
    films = world.run()
    series = world.run_library(world.tv)
    assert (films.status.value, series.status.value) == ("completed", "completed")
    found = {key: world.ids(key).get("tmdb") for key in keys}
    wrong = [f"{case}: {found[key]}" for key, case in zip(keys, told, strict=True) if found[key] not in (None, case.expected)]
    accepted = sum(1 for one in found.values() if one is not None)
    print(f"{len(told)} cases: {accepted} accepted, {len(told) - accepted} reviewed; {len(world.peer.asked)} requests")
    print([str(case) for key, case in zip(keys, told, strict=True) if found[key] is None])
    assert wrong == []
    assert accepted >= 0.85 * sum(1 for case in told if case.expected is not None)
