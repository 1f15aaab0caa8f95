"""Images and their candidates in the schema."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.kit.connections import Node
from api.kit.enums import expose
from api.kit.planner import Prefixed, column, computed, embedded, entity, first_of, global_id, one, part
from domain.artwork.enums import AssetSource, DownloadFailure
from domain.artwork.ranking import EMBEDDED
from domain.artwork.tables import Asset
from domain.artwork.tables import ImageCandidate as CandidateRow
from domain.artwork.tables import ImageChoice as ChoiceRow
from domain.artwork.tables import ImageDownload as DownloadRow

expose(
    AssetSource,
    "Where a picture comes from.",
    {
        "PROVIDER": "A metadata provider.",
        "LOCAL": "A file beside the media, or a picture inside it.",
        "USER": "A person chose it from an address.",
        "UPLOAD": "A person uploaded it.",
    },
    name="ImageSource",
)


expose(
    DownloadFailure,
    "Why a picture on offer could not be downloaded.",
    {
        "UNREACHABLE": "Its server cannot be reached, is too slow or broke off. Tried again soon.",
        "RATE_LIMITED": "Its server has had enough of us for now. Tried again when it allows.",
        "GONE": "It is not there any more.",
        "REFUSED": "Its server does not give it to us, or sends us to an address inside a network.",
        "TOO_LARGE": "It has too many bytes or pixels.",
        "NOT_PICTURE": "What came is no whole picture of a known format.",
        "WRONG_SHAPE": "It breaks the rules of its type: too small, of another shape or format.",
    },
)


def _is_there(rows: Sequence[tuple[int | None]]) -> Sequence[bool]:
    return [key is not None for (key,) in rows]


def _named(name: str) -> Callable[[Sequence[tuple[dict[str, Any] | None]]], Sequence[float | None]]:
    """Reads one part of the breakdowns; null where a picture was not scored yet."""

    def read(rows: Sequence[tuple[dict[str, Any] | None]]) -> Sequence[float | None]:
        return [None if breakdown is None else breakdown.get(name) for (breakdown,) in rows]

    return read


def _is_embedded(rows: Sequence[tuple[dict[str, Any] | None]]) -> Sequence[bool]:
    return [EMBEDDED in (breakdown or {}) for (breakdown,) in rows]


_PARTS = (CandidateRow.score_breakdown,)


@part(CandidateRow, description="What a score is made of: the parts add up to it. What is not known counts half.")
class ScoreBreakdown:
    resolution: float | None = computed(_named("resolution"), requires=_PARTS, description="For its pixels, 0 to 30.")
    aspect: float | None = computed(_named("aspect"), requires=_PARTS, description="For its shape, 0 to 20.")
    language: float | None = computed(_named("language"), requires=_PARTS, description="For the language of its text, 0 to 20.")
    votes: float | None = computed(_named("votes"), requires=_PARTS, description="For what the provider's users think, 0 to 20.")
    provider: float | None = computed(_named("provider"), requires=_PARTS, description="For where it comes from, 0 to 10.")


@entity(DownloadRow, description="Why a candidate's picture is not here.")
class ImageDownload(Node):
    id: strawberry.ID = global_id()
    failure: DownloadFailure = column(DownloadRow.failure, description="The reason.")
    message: str = column(DownloadRow.message, description="The same for a person.")
    failure_count: int = column(DownloadRow.failure_count, description="How often in a row it could not be had.")
    retry_at: datetime = column(
        DownloadRow.retry_at, description="Automation tries it again after this; `refreshArtwork` at once."
    )


@entity(ChoiceRow, description="A place in a choice that waits for pictures to be downloaded.")
class ImageChoice(Node):
    id: strawberry.ID = global_id()
    position: int = column(ChoiceRow.position, description="Its place in the choice, 0 first.")
    chosen_at: datetime = column(ChoiceRow.created_at, description="When it was chosen.")


@entity(CandidateRow, description="A picture that could be chosen.")
class ImageCandidate(Node):
    id: strawberry.ID = global_id()
    type: str = column(CandidateRow.asset_type, description="What it shows: poster, fanart, banner …")
    provider: str = column(
        CandidateRow.provider,
        description="Who offers it; `local` = a file beside the media or inside it, `upload` and `user` = a person.",
    )
    is_embedded: bool = computed(
        _is_embedded,
        requires=_PARTS,
        description="It is inside a media file of the item, not beside it: a cover in Matroska or MP4.",
    )
    width: int | None = column(CandidateRow.width, description="Width in pixels.")
    height: int | None = column(CandidateRow.height, description="Height in pixels.")
    language: str | None = column(CandidateRow.language, description="Language of the text in it; null = none or unknown.")
    vote_count: int | None = column(CandidateRow.vote_count, description="How many of the provider's users voted.")
    score: float = column(CandidateRow.score, description="How well it suits, 0 to 100.")
    breakdown: ScoreBreakdown = embedded(description="What its score is made of.")
    is_blocked: bool = column(CandidateRow.is_blocked, description="Never chosen by automation.")
    thumbnail_url: str | None = column(
        CandidateRow.token,
        as_=Prefixed("/images/candidates/"),
        description="Path on this server of a small picture of it, also where it is not downloaded. It needs no login.",
    )
    is_downloaded: bool = computed(
        _is_there, requires=(CandidateRow.cached_file_id,), description="Its bytes are kept here; choosing it shows it at once."
    )
    download: ImageDownload | None = first_of(
        DownloadRow.candidate_id, order_by=(DownloadRow.id,),
        description="Why it could not be downloaded, as far as that was tried; null = it was not, or it is here.",
    )  # fmt: skip
    pending_choice: ImageChoice | None = first_of(
        ChoiceRow.candidate_id, order_by=(ChoiceRow.id,),
        description="It was chosen, and the choice waits for pictures to be downloaded; null = it does not.",
    )  # fmt: skip
    last_refreshed_at: datetime | None = column(
        CandidateRow.last_refreshed_at, description="When its bytes were last looked at; null = not yet, or they are not here."
    )
    image: Annotated["Image", strawberry.lazy("api.artwork.types")] | None = first_of(
        Asset.candidate_id, order_by=(Asset.rank, Asset.id),
        description="The picture itself, with its address, and whether it is shown and pinned; null = its bytes are not here.",
    )  # fmt: skip


@entity(Asset, description="A picture of an item, person, collection or studio.")
class Image(Node):
    id: strawberry.ID = global_id()
    type: str = column(Asset.asset_type, description="What it shows: poster, fanart, banner, clearlogo, landscape, thumb …")
    url: str = column(
        Asset.token,
        as_=Prefixed("/images/"),
        description="Path on this server. It needs no login: the token in it is random and can be rotated. With `?w=` 160, 320, "
        "640 or 1280 a variant of that width.",
    )
    rank: int | None = column(Asset.rank, description="0 = shown first; null = in the pool, not shown.")
    source: AssetSource = column(Asset.source_type, description="Where it comes from.")
    provider: str | None = column(Asset.provider, description="The provider that offered it.")
    language: str | None = column(Asset.language, description="Language of the text in it (ISO 639); null = none or unknown.")
    season_number: int | None = column(Asset.season_number, description="The season it is for, where the type has one.")
    score: float = column(Asset.score, description="How well it suits, 0 to 100.")
    is_pinned: bool = column(Asset.is_pinned, description="Never replaced or released by automation.")
    selected_at: datetime | None = column(Asset.selected_at, description="When a person chose it; null = automation did.")
    candidate: ImageCandidate | None = one(Asset.candidate_id, description="The offer it was chosen from, with its size.")
