"""The providers that tell what a thing is, with the spaces of their ids."""

from collections.abc import Mapping
from typing import Final

from domain.catalog.enums import EntityKind
from domain.catalog.identity import Space
from domain.providers.model import Id

SPACES: Final[Mapping[str, Mapping[EntityKind, str]]] = {
    "tmdb": {EntityKind.MOVIE: "movie", EntityKind.SERIES: "tv"},
    "tvdb": {EntityKind.MOVIE: "movie", EntityKind.SERIES: "series"},
}
"""Others have pictures or ratings of what is known already."""
FOUND_BY: Final = ("imdb", "tvdb", "tmdb", "wikidata")
"""Catalogues by whose ids providers find what they have, the most exact first."""


def space_of(provider: str, kind: EntityKind) -> str | None:
    """The space of a provider's ids of films or series; None where it is none of these."""
    return SPACES.get(provider, {}).get(kind)


def own_id(ids: Mapping[Space, str], provider: str, kind: EntityKind) -> str | None:
    """What a provider calls an item that has these ids; None if they do not say."""
    space = space_of(provider, kind)
    return None if space is None else ids.get((provider, space))


def other_ids(ids: Mapping[Space, str]) -> list[Id]:
    """The ids by which another provider may find it."""
    return [
        Id(provider, namespace, value) for wanted in FOUND_BY for (provider, namespace), value in sorted(ids.items())
        if provider == wanted
    ]  # fmt: skip
