"""What downloaders answer about themselves: nothing of it is stored, so these are no nodes."""

import strawberry

from api.catalog.types.items import MediaItem
from api.kit.enums import expose
from api.kit.problems import ErrorCode
from api.kit.scalars import BigInt
from domain.downloaders.comparing import DifferenceKind

expose(
    DifferenceKind,
    "In what a downloader's view and ours differ.",
    {
        "ONLY_THERE": "It has files there, and we have none of them: a library was not scanned, or a mapping leads elsewhere.",
        "ONLY_HERE": "It lies in a folder that the downloader fills, and the downloader does not manage it.",
        "UNMAPPED": "Its folder there is in none of our libraries.",
        "OTHER_IDS": "Both have it, and take it for different things.",
    },
)


@strawberry.type(description="Why a downloader could not be asked.")
class DownloaderFailure:
    code: ErrorCode = strawberry.field(description="Kind of the failure, for programs.")
    message: str = strawberry.field(description="What is wrong and what to do, for people.")


@strawberry.type(description="A folder that a downloader puts things into.")
class DownloaderRootFolder:
    path: str = strawberry.field(description="As the downloader calls it.")
    local_path: str | None = strawberry.field(description="As we call it; null where nothing is read at such a path.")
    is_accessible: bool = strawberry.field(description="Whether the downloader reaches it.")
    free_bytes: BigInt | None = strawberry.field(description="Free space there, in bytes.")


@strawberry.type(description="How a downloader is set up, as it says itself now.")
class DownloaderSettings:
    root_folders: list[DownloaderRootFolder] = strawberry.field(description="Where it puts things.")
    quality_profiles: list[str] = strawberry.field(description="Names of its quality profiles.")
    tags: list[str] = strawberry.field(description="Labels of its tags.")
    failure: DownloaderFailure | None = strawberry.field(description="Why it could not be asked; null when it was.")


@strawberry.type(description="What a catalogue calls something.")
class DownloaderId:
    provider: str = strawberry.field(description="The catalogue: tmdb, tvdb, imdb, tvmaze, musicbrainz.")
    namespace: str = strawberry.field(description="Its space of ids: movie, tv, series, title, artist.")
    value: str = strawberry.field(description="The id.")


@strawberry.type(description="A film, series or artist that a downloader manages.")
class DownloaderItem:
    external_id: int = strawberry.field(description="Its number there.")
    title: str = strawberry.field(description="Its title or name there.")
    year: int | None = strawberry.field(description="Its year there.")
    path: str = strawberry.field(description="Its folder, as the downloader calls it.")
    local_path: str | None = strawberry.field(description="As we call it; null where nothing is read at such a path.")
    is_monitored: bool = strawberry.field(description="Whether the downloader looks for it.")
    file_count: int = strawberry.field(description="Files that the downloader has of it.")
    size_bytes: BigInt = strawberry.field(description="Their size together, in bytes.")
    quality_profile: str | None = strawberry.field(description="Name of its quality profile.")
    tags: list[str] = strawberry.field(description="Labels of its tags.")
    ids: list[DownloaderId] = strawberry.field(description="What catalogues call it, as the downloader says.")


@strawberry.type(description="A page of what a downloader manages, by title.")
class DownloaderItems:
    items: list[DownloaderItem] = strawberry.field(description="At most 200.")
    total_count: int = strawberry.field(description="Everything that it manages.")
    failure: DownloaderFailure | None = strawberry.field(description="Why it could not be asked; null when it was.")


@strawberry.type(description="Something in which a downloader's view and ours differ.")
class DownloaderDifference:
    kind: DifferenceKind = strawberry.field(description="In what.")
    title: str = strawberry.field(description="Its title there, or here where it is only here.")
    year: int | None = strawberry.field(description="Its year.")
    path: str | None = strawberry.field(description="Its folder, as the downloader calls it.")
    local_path: str | None = strawberry.field(description="Its folder, as we call it.")
    item: MediaItem | None = strawberry.field(description="Our item; null where we have none.")
    their_ids: list[DownloaderId] = strawberry.field(description="What the downloader takes it for; of OTHER_IDS what differs.")
    our_ids: list[DownloaderId] = strawberry.field(description="What we take it for, in the same spaces.")
    reason: str | None = strawberry.field(description="More words, where there are any.")


@strawberry.type(description="How many differences of a kind there are.")
class DownloaderDifferenceCount:
    kind: DifferenceKind = strawberry.field(description="Of which kind.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="A downloader's view beside ours. Nothing is changed by looking.")
class DownloaderComparison:
    differences: list[DownloaderDifference] = strawberry.field(description="A page of them, at most 200, by kind and title.")
    counts: list[DownloaderDifferenceCount] = strawberry.field(description="All of them, by kind.")
    same_count: int = strawberry.field(description="Things that both have and take for the same.")
    waiting_count: int = strawberry.field(description="Things that the downloader has no file of yet.")
    failure: DownloaderFailure | None = strawberry.field(description="Why it could not be asked; null when it was.")
