"""How a client names an item without knowing our id, and how it is found."""

import strawberry

from api.kit.context import Context
from domain.kit.errors import Invalid
from domain.kit.ids import key_of
from domain.libraries.references import ByExternal, ById, ByMappedPath, ByPath, Reference, find_item

LIBRARY = "Only in this library, where the reference alone means several items."


@strawberry.input(description="What a catalogue such as TMDB or IMDb calls an item.")
class ExternalRef:
    provider: str = strawberry.field(description="The catalogue: tmdb, imdb, tvdb, musicbrainz …")
    namespace: str | None = strawberry.field(
        default=None, description="The id space within it: movie, tv, episode …; null = any of them."
    )
    value: str = strawberry.field(description="The id there.")


@strawberry.input(description="A path as another program calls it.")
class MappedPath:
    path: str = strawberry.field(description="Its file or its own folder, as that program sees it: D:\\films\\Alien.mkv.")
    mapped_by: strawberry.ID = strawberry.field(
        description="A player, a group of players or a source: by its path mappings the path becomes ours."
    )


@strawberry.input(one_of=True, description="An item: by our id, by what a catalogue calls it, or by a path.")
class MediaRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A global id, such as itm_42.")
    external: strawberry.Maybe[ExternalRef] = strawberry.field(description="What a catalogue calls it.")
    path: strawberry.Maybe[str] = strawberry.field(description="Its file or its own folder, as this server sees it.")
    mapped_path: strawberry.Maybe[MappedPath] = strawberry.field(description="The same as a player or a downloader calls it.")


async def find(context: Context, given: MediaRef, library: strawberry.ID | None) -> int:
    """The key of the one item that the viewer may see and that is meant. Raises NotFound, Invalid, AmbiguousReference."""
    library_id = None if library is None else key_of("libraries", library, path=("library",))
    return await context.read(find_item, context.viewer, reference_of(given), library_id=library_id)


def reference_of(given: MediaRef) -> Reference:
    """What a client names an item by. Raises Invalid."""
    if given.id is not None:
        return ById(given.id.value)
    if given.external is not None:
        external = given.external.value
        return ByExternal(external.provider, external.value, external.namespace)
    if given.path is not None:
        return ByPath(given.path.value)
    if given.mapped_path is not None:
        return ByMappedPath(given.mapped_path.value.path, given.mapped_path.value.mapped_by)
    raise Invalid("Name an item.", path=("item",))
