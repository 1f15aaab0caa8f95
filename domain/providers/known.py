"""The providers that are built in, by name."""

from collections.abc import Mapping
from typing import Final

from domain.kit.errors import NotFound
from domain.providers.fanarttv import FanartTv
from domain.providers.model import Provider
from domain.providers.tmdb import Tmdb
from domain.providers.tvdb import Tvdb

PROVIDERS: Final[Mapping[str, Provider]] = {each.name: each for each in (Tmdb(), Tvdb(), FanartTv())}


def provider_named(name: str) -> Provider:
    """Raises NotFound."""
    found = PROVIDERS.get(name)
    if found is None:
        raise NotFound(f"This server knows no provider {name[:50]!r}.", path=("provider",))
    return found
