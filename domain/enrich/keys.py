"""By which id each provider goes, as data."""

from collections.abc import Mapping
from typing import Final

from domain.catalog.enums import EntityKind as K

Space = tuple[str, str]
"""(provider, namespace) as `external_ids` has them."""
KEYS: Final[Mapping[str, Mapping[K, tuple[Space, ...]]]] = {
    "tmdb": {
        K.MOVIE: (("tmdb", "movie"),), K.SERIES: (("tmdb", "tv"),), K.PERSON: (("tmdb", "person"),),
        K.COLLECTION: (("tmdb", "collection"),),
    },
    "tvdb": {K.MOVIE: (("tvdb", "movie"),), K.SERIES: (("tvdb", "series"),), K.PERSON: (("tvdb", "person"),)},
    "fanarttv": {
        K.MOVIE: (("tmdb", "movie"), ("imdb", "title")), K.SERIES: (("tvdb", "series"),),
        K.COLLECTION: (("tmdb", "collection"),),
    },
}  # fmt: skip
"""Provider -> kind -> spaces whose ids it takes, the best first. Seasons and episodes go by their series' id and numbers."""
WITH_SEASONS: Final = frozenset({"tmdb", "tvdb"})
"""Providers that answer for a season with its episodes."""
CROSS: Final[Mapping[str, tuple[Space, ...]]] = {
    "tmdb": (("imdb", "title"), ("tvdb", "series"), ("wikidata", "")),
    "tvdb": (("imdb", "title"),),
}
"""Provider -> others' ids by which it finds a film or series that it does not know by its own."""
Ids = Mapping[Space, str]


def key_for(provider: str, kind: K, ids: Ids) -> str | None:
    """The id that a provider goes by, among those that are known of a thing."""
    return next((ids[space] for space in KEYS.get(provider, {}).get(kind, ()) if space in ids), None)


def answers_for(provider: str, kind: K) -> bool:
    """Whether a provider has things of this kind at all."""
    return kind in KEYS.get(provider, {})
