"""Root fields that ask downloaders themselves: how they are set up, what they manage, and where that differs from ours."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, TypeVar

import strawberry

from api.catalog.types.items import MediaItem
from api.downloaders import views as v
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.kit.problems import ErrorCode
from api.kit.scalars import BigInt
from domain.downloaders.asking import View, compared, look
from domain.downloaders.comparing import Comparison, Difference, DifferenceKind
from domain.downloaders.managing import Managed
from domain.kit.errors import DomainError
from domain.kit.ids import key_of

T = TypeVar("T")
MOST: Final = 200
Which = Annotated[strawberry.ID, strawberry.argument(name="source", description="The downloader.")]
Limit = Annotated[int | None, strawberry.argument(description="How many, 1 to 200; 50 if not given.")]
Skip = Annotated[int | None, strawberry.argument(description="So many are passed over: the next page begins there.")]
OfKinds = Annotated[list[DifferenceKind] | None, strawberry.argument(description="Only differences of these kinds.")]


@strawberry.type
class DownloaderAsking:
    """Questions to downloaders. Each takes as long as the downloader does: up to a minute for a list of everything."""

    @query(Permission.ADMIN, "How a downloader is set up: its folders and how they map, quality profiles, tags. Asks it now.")
    async def downloader_settings(self, info: Info, source_id: Which) -> v.DownloaderSettings | None:
        view = await _asked(info.context, source_id, look)
        if isinstance(view, DomainError):
            return v.DownloaderSettings(root_folders=[], quality_profiles=[], tags=[], failure=_failure(view))
        folders = [
            v.DownloaderRootFolder(
                path=one.path, local_path=view.local(one.path), is_accessible=one.is_accessible,
                free_bytes=None if one.free_bytes is None else BigInt(one.free_bytes),
            )
            for one in view.setup.root_folders
        ]  # fmt: skip
        profiles, tags = sorted(view.setup.quality_profiles.values()), sorted(view.setup.tags.values())
        return v.DownloaderSettings(root_folders=folders, quality_profiles=profiles, tags=tags, failure=None)

    @query(Permission.ADMIN, "What a downloader manages, by title. Asks it now.")
    async def downloader_items(
        self, info: Info, source_id: Which, limit: Limit = None, skip: Skip = None
    ) -> v.DownloaderItems | None:
        start, end = _bounds(limit, skip)
        view = await _asked(info.context, source_id, lambda *given, **more: look(*given, **more, with_items=True))
        if isinstance(view, DomainError):
            return v.DownloaderItems(items=[], total_count=0, failure=_failure(view))
        items = [_item(one, view) for one in view.managed[start:end]]
        return v.DownloaderItems(items=items, total_count=len(view.managed), failure=None)

    @query(Permission.ADMIN, "Compare what a downloader manages with what we have in the folders that it fills. Asks it now.")
    async def compare_downloader(
        self, info: Info, source_id: Which, kinds: OfKinds = None, limit: Limit = None, skip: Skip = None
    ) -> v.DownloaderComparison | None:
        start, end = _bounds(limit, skip)
        found = await _asked(info.context, source_id, compared)
        if isinstance(found, DomainError):
            failure = _failure(found)
            return v.DownloaderComparison(differences=[], counts=[], same_count=0, waiting_count=0, failure=failure)
        return _comparison(found, kinds, start, end)


async def _asked(context: Context, source: strawberry.ID, fn: Callable[..., T]) -> T | DomainError:
    services = context.services

    def ask() -> T:
        key = key_of("sources", source, path=("source",))
        return fn(services.database, services.lan, key, key=services.key, actor=context.actor)

    try:
        return await context.ask(ask)
    except DomainError as error:
        return error


def _bounds(limit: int | None, skip: int | None) -> tuple[int, int]:
    """Where a page begins and ends. Raises GraphQLError."""
    many, start = 50 if limit is None else limit, skip or 0
    if not 1 <= many <= MOST or not 0 <= start <= 10**6:
        raise refuse(f"`limit` is 1 to {MOST}, `skip` 0 to 1,000,000.")
    return start, start + many


def _failure(error: DomainError) -> v.DownloaderFailure:
    return v.DownloaderFailure(code=ErrorCode(error.code), message=error.message)


def _ids(given: Sequence[tuple[str, str, str]]) -> list[v.DownloaderId]:
    return [v.DownloaderId(provider=provider, namespace=namespace, value=value) for provider, namespace, value in given]


def _item(one: Managed, view: View) -> v.DownloaderItem:
    return v.DownloaderItem(
        external_id=one.id, title=one.title, year=one.year, path=one.path, local_path=view.local(one.path),
        is_monitored=one.is_monitored, file_count=one.file_count, size_bytes=BigInt(one.size_bytes),
        quality_profile=one.quality_profile, tags=list(one.tags), ids=_ids(one.ids),
    )  # fmt: skip


def _comparison(found: Comparison, kinds: Sequence[DifferenceKind] | None, start: int, end: int) -> v.DownloaderComparison:
    wanted = [one for one in found.differences if kinds is None or one.kind in kinds]
    counts = [v.DownloaderDifferenceCount(kind=kind, count=found.counts[kind]) for kind in DifferenceKind]
    return v.DownloaderComparison(
        differences=[_difference(one) for one in wanted[start:end]], counts=counts, same_count=found.same,
        waiting_count=found.waiting, failure=None,
    )  # fmt: skip


def _difference(one: Difference) -> v.DownloaderDifference:
    item: Any = None if one.item_id is None else ref(MediaItem, one.item_id)
    return v.DownloaderDifference(
        kind=one.kind, title=one.title, year=one.year, path=one.path, local_path=one.local, item=item,
        their_ids=_ids(one.there), our_ids=_ids(one.here), reason=one.reason,
    )  # fmt: skip
