"""Texts in several languages: the first of a library's list that has one is shown, all of the list are kept and found."""

from typing import Any

import pytest

from domain.catalog.editing import update_item
from domain.catalog.enums import EntityKind
from domain.enrich.languages import localized, translations
from domain.libraries import service
from domain.providers.model import Details, Translation
from tests.enrich.conftest import World

CZECH = {"title": "Papírové lampy", "overview": "", "tagline": ""}
GERMAN = {"title": "", "overview": "Zwei Schwestern.", "tagline": "Licht."}
POLISH = {"title": "Lampiony", "overview": "Dwie siostry.", "tagline": ""}
SQL = "SELECT language, title, tagline, plot FROM translations WHERE entity_id = :id ORDER BY id"


def told(**texts: dict[str, str]) -> dict[str, Any]:
    rows = [{"iso_639_1": name, "iso_3166_1": name.upper(), "data": data} for name, data in texts.items()]
    return {"translations": [*rows, {"iso_639_1": "de", "iso_3166_1": "AT", "data": {"title": "Laternen", "overview": "Ö."}}]}


def ask_for(world: World, *languages: str) -> Any:
    """Change the library's list and do the job that this makes; its result."""
    with world.house.database.transaction() as uow:
        service.update_library(uow, library_id=world.house.open_library, changes={"metadata_languages": list(languages)})
    ((job,),) = world.rows("SELECT max(id) FROM jobs WHERE kind = 'enrich.enrich'")
    return world.work(job)


def shown(world: World, film: int) -> tuple[Any, ...]:
    item = world.item(film)
    return item["title"], item["tagline"], item["plot"]


@pytest.mark.both
def test_the_list_decides_field_by_field_and_changing_it_asks_nobody(world: World) -> None:
    world.changed("/movie/900101", translations=told(cs=CZECH, de=GERMAN, pl=POLISH))
    film = world.film()
    world.enrich(library=world.house.open_library)
    assert (shown(world, film), world.rows(SQL, id=film)) == (("Paper Lanterns", None, "Two sisters rebuild a theatre."), [])
    asked = len(world.peer.asked)
    ask_for(world, "de", "pl", "en", "cs")
    assert shown(world, film) == ("Lampiony", "Licht.", "Zwei Schwestern.")
    assert world.rows(SQL, id=film) == [
        ("de", None, "Licht.", "Zwei Schwestern."), ("pl", "Lampiony", None, "Dwie siostry."),
        ("en", None, None, "Two sisters rebuild a theatre."), ("cs", "Papírové lampy", None, None),
    ]  # fmt: skip
    documents = "SELECT names FROM search_documents WHERE entity_id = :id"
    assert "papirove lampy" in world.rows(documents, id=film)[0][0]
    assert world.enrich(library=world.house.open_library).get("changed", 0) == 0
    with world.house.database.transaction() as uow:
        update_item(uow, item_id=film, changes={"plot": "Mine."})
    ask_for(world, "cs")
    assert shown(world, film) == ("Papírové lampy", None, "Mine.")
    assert [row[0] for row in world.rows(SQL, id=film)] == ["cs"]
    ask_for(world)
    assert shown(world, film) == ("Paper Lanterns", None, "Mine.")
    assert world.rows(SQL, id=film) == []
    assert "papirove" not in world.rows(documents, id=film)[0][0]
    assert len(world.peer.asked) == asked


@pytest.mark.both
def test_people_and_film_series_have_the_languages_of_all_libraries(world: World) -> None:
    world.film()
    world.enrich(library=world.house.open_library)
    ((person,), (collection,)) = (
        world.rows("SELECT id FROM people WHERE name = 'C. Actor'")[0], world.rows("SELECT id FROM collections")[0]
    )  # fmt: skip
    lives = {"translations": [{"iso_639_1": "pl", "iso_3166_1": "PL", "data": {"biography": "Gra.", "name": "X"}}]}
    world.changed("/person/71", translations=lives)
    world.changed("/collection/7001", translations=told(pl={"title": "Lampiony (seria)", "overview": "Wszystkie."}))
    ask_for(world, "pl")
    world.enrich(person, collection, renewed=True)
    assert world.rows("SELECT name, biography FROM people WHERE id = :id", id=person) == [("C. Actor", "Gra.")]
    assert world.rows(SQL, id=person) == [("pl", None, None, "Gra.")]
    assert world.rows("SELECT name, plot FROM collections") == [("Lampiony (seria)", "Wszystkie.")]
    assert world.rows(SQL, id=collection) == [("pl", "Lampiony (seria)", None, "Wszystkie.")]
    assert world.enrich(person, collection).get("changed", 0) == 0


def test_regions_and_titles_that_are_the_original_ones() -> None:
    several = [
        Translation("pt", "BR", "Brasil"), Translation("pt", "PT", "Portugal"), Translation("zh", "TW", "Taiwan"),
        Translation("en", "US", None, None, "Plot."),
    ]  # fmt: skip
    details = Details(
        provider="tmdb", kind=EntityKind.MOVIE, external_id="1", language="fr", title="Original", original_title="Original",
        original_language="en", plot="Texte.", translations=several,
    )  # fmt: skip
    found = {
        one["language"]: (one["title"], one["plot"]) for one in translations(details, ["pt", "pt-BR", "zh", "en", "fr", "ja"])
    }
    assert found == {
        "pt": ("Portugal", None), "pt-BR": ("Brasil", None), "zh": ("Taiwan", None), "en": ("Original", "Plot."),
        "fr": (None, "Texte."),
    }  # fmt: skip
    shown = localized(details, ["ja", "pt-BR"])
    assert (shown.title, shown.plot) == ("Brasil", "Texte.")
