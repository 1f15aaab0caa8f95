"""Every kind of job by its wire name: how lower features ask for the work of higher ones.

A feature adds a frozen dataclass for the payload and one line: `SCAN = kind("libraries.scan", Scan, …)`.
"""

from dataclasses import dataclass
from typing import Final

from domain.jobs.declaring import kind
from domain.jobs.tables import DEFAULT_PRIORITY

WEBHOOK: Final = 1
A_PERSON_ASKED: Final = 2
NORMAL: Final = DEFAULT_PRIORITY
BACKGROUND: Final = 10
"""Priorities; lower runs first."""


@dataclass(frozen=True, slots=True)
class NoPayload:
    """Nothing to say beyond the kind."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Read a library's folders, or one path below them."""

    library_id: int
    path: str | None = None
    is_followed: bool = False
    """A chain was made of it and what comes after it: it asks for nothing itself."""


@dataclass(frozen=True, slots=True)
class BulkChange:
    """Go on with a recorded change until it is done."""

    change_id: int


@dataclass(frozen=True, slots=True)
class Hint:
    """What somebody else takes the one film or series in a folder (or file) of ours for: [provider, namespace, id] each."""

    path: str
    ids: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Identify:
    """Find out what these items are, or everything in a library that nobody knows yet.

    With a folder: those of the library in it, now, with the providers that answer; others wait for this job.
    """

    items: tuple[int, ...] = ()
    library_id: int | None = None
    folder: str | None = None
    hints: tuple[Hint, ...] = ()
    """Evidence where an item says nothing itself."""


@dataclass(frozen=True, slots=True)
class OrderEpisodes:
    """Ask what the chosen order of a series' episodes counts, and give its files the episodes that they are in it."""

    series: int
    is_every: bool = False
    """Ask about all orders on offer."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Write the files of these items, or of everything in a library, in the order of their ids.

    With a folder: what is not up to date of the films and series that the library has in it.
    """

    items: tuple[int, ...] = ()
    library_id: int | None = None
    folder: str | None = None
    replace_changed: bool = False
    """Files that somebody changed since they were written make way, too."""
    spares_others: bool = False
    """Files that are not ours stay."""
    is_automatic: bool = False
    """Nobody asked: only what waits in the library."""
    mark: str = ""
    """Of automation: what waited when the job was last put off."""


@dataclass(frozen=True, slots=True)
class Enrich:
    """Ask the providers about these things (entities: items with what is below them, people, film series), or a library.

    With a folder: about what the library has in it; what cannot be asked now is left to a later job.
    """

    items: tuple[int, ...] = ()
    library_id: int | None = None
    folder: str | None = None
    is_renewed: bool = False
    """Ask even where an answer is still fresh."""
    people: int = 0
    """Of a library: so many people in it that nobody asked about yet, leading roles first."""

    def key(self, user_id: int | None) -> str:
        """The dedupe key: whoever asks, the same question twice is one job."""
        named = ",".join(map(str, self.items)) if self.library_id is None else f"library:{self.library_id}"
        return f"enrich:{user_id}:{self.is_renewed}:{named}" + (f":{self.people}" if self.people else "")


@dataclass(frozen=True, slots=True)
class PrepareArtwork:
    """Look at the pictures of a library, or of one entity, that nobody looked at, and make the variants of those shown."""

    library_id: int | None = None
    entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddArtwork:
    """Make an uploaded picture, or one at an address, one of an entity's; with `is_shown` the first of its type."""

    upload_id: int | None
    entity_id: int
    asset_type: str
    user_id: int
    language: str | None = None
    is_shown: bool = True
    url: str | None = None


@dataclass(frozen=True, slots=True)
class FetchArtwork:
    """Download what is to be shown of these entities, or of everything in a library (or in its folder), and show it."""

    entities: tuple[int, ...] = ()
    library_id: int | None = None
    folder: str | None = None
    only_chosen: bool = False
    """Nothing but what people chose."""


@dataclass(frozen=True, slots=True)
class ClearCache:
    """Put cached files that nothing refers to into quarantine, and let go of those that were in it for their time."""

    is_dry_run: bool = False
    is_restoring: bool = False
    """Put everything in quarantine back instead."""


@dataclass(frozen=True, slots=True)
class Verify:
    """Compare files of ours with what is known of them: beside these items, a library's, or all with those of the cache."""

    items: tuple[int, ...] = ()
    library_id: int | None = None
    is_deep: bool = False
    """Read every byte; else those of a thirtieth of the files, another one each day."""


@dataclass(frozen=True, slots=True)
class RepairFiles:
    """Repair these problems, in the usual way unless `repair` names another."""

    problems: tuple[int, ...]
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class SyncPlayers:
    """Tell the groups that show a library what changed in it: these items, what is below a folder of ours, or everything."""

    library_id: int
    items: tuple[int, ...] = ()
    folder: str | None = None
    group_id: int | None = None
    """Only this group; every one that shows the library if not given."""

    def keys(self) -> tuple[str, str]:
        """The dedupe keys: the second is that of what comes while the first is under way."""
        scope = "items" if self.items else self.folder or ""
        key = f"players.sync:{self.library_id}:{self.group_id or ''}:{scope}"
        return key, f"{key}:next"


@dataclass(frozen=True, slots=True)
class CleanPlayers:
    """Let the players of a group forget what is not there any more."""

    group_id: int


@dataclass(frozen=True, slots=True)
class ProcessDownloaderEvent:
    """Find out what a webhook of a downloader means, and begin the work that follows from it."""

    inbound_event_id: int


@dataclass(frozen=True, slots=True)
class RestorePlayback:
    """Take up again what was playing when something had to be done to it."""

    capture_id: int


SCAN: Final = kind("libraries.scan", Scan, queue="scans", time_limit_s=None)
PROCESS_DOWNLOADER_EVENT: Final = kind(
    "downloaders.process", ProcessDownloaderEvent, priority=WEBHOOK, time_limit_s=120.0, max_attempts=8
)
RETENTION: Final = kind("system.retention", NoPayload, priority=BACKGROUND)
STATISTICS: Final = kind("system.statistics", NoPayload, priority=BACKGROUND)
REINDEX: Final = kind("search.reindex", NoPayload, priority=BACKGROUND)
BULK_UPDATE: Final = kind("catalog.bulk_update", BulkChange, priority=A_PERSON_ASKED)
BULK_DELETE: Final = kind("catalog.bulk_delete", BulkChange, priority=A_PERSON_ASKED)
BULK_RESTORE: Final = kind("catalog.bulk_restore", BulkChange, priority=A_PERSON_ASKED)
IDENTIFY: Final = kind("identify.identify", Identify, queue="providers", time_limit_s=None)
ORDER_EPISODES: Final = kind("identify.order_episodes", OrderEpisodes, queue="providers", time_limit_s=None)
PUBLISH: Final = kind("publish.publish", Publish, queue="publish", priority=A_PERSON_ASKED, time_limit_s=None)
CLEAR_CACHE: Final = kind("publish.clear_cache", ClearCache, queue="publish", priority=BACKGROUND, time_limit_s=None)
VERIFY: Final = kind("publish.verify", Verify, queue="publish", priority=BACKGROUND, time_limit_s=None)
REPAIR_FILES: Final = kind("publish.repair", RepairFiles, queue="publish", priority=A_PERSON_ASKED, time_limit_s=None)
RESOLVE_AGES: Final = kind("catalog.resolve_ages", NoPayload, priority=A_PERSON_ASKED)
UNDO: Final = kind("catalog.undo", BulkChange, priority=A_PERSON_ASKED)
PREPARE_ARTWORK: Final = kind("artwork.prepare", PrepareArtwork, queue="artwork", time_limit_s=None)
FETCH_ARTWORK: Final = kind("artwork.fetch", FetchArtwork, queue="artwork", time_limit_s=None)
REFRESH_ARTWORK: Final = kind("artwork.refresh", FetchArtwork, priority=A_PERSON_ASKED)
"""The same for one thing that somebody looks at: it waits for no library's."""
ADD_ARTWORK: Final = kind("artwork.add", AddArtwork, priority=A_PERSON_ASKED)
READ_CHANGES: Final = kind("providers.changes", NoPayload, queue="providers", priority=BACKGROUND, time_limit_s=None)
ENRICH: Final = kind("enrich.enrich", Enrich, queue="providers", time_limit_s=None, max_attempts=100)
SYNC_PLAYERS: Final = kind("players.sync", SyncPlayers, queue="players", time_limit_s=1800.0, max_attempts=12)
CLEAN_PLAYERS: Final = kind("players.clean", CleanPlayers, queue="players", priority=A_PERSON_ASKED, time_limit_s=1800.0)
PLAYBACK_RESTORE: Final = kind(
    "players.playback_restore", RestorePlayback, queue="players", priority=A_PERSON_ASKED, max_attempts=100, time_limit_s=120.0
)
"""A player that is away is asked until the capture expires, every quarter of an hour at least: more than its six hours."""
