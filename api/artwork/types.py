"""Images and their candidates in the schema."""

from datetime import datetime

import strawberry

from api.kit.connections import Node
from api.kit.enums import expose
from api.kit.planner import Prefixed, column, entity, global_id, one
from domain.artwork.enums import AssetSource
from domain.artwork.tables import Asset
from domain.artwork.tables import ImageCandidate as CandidateRow

expose(
    AssetSource,
    "Where a picture comes from.",
    {
        "PROVIDER": "A metadata provider.",
        "LOCAL": "A file beside the media.",
        "USER": "A person chose it from an address.",
        "UPLOAD": "A person uploaded it.",
    },
    name="ImageSource",
)


@entity(CandidateRow, description="A picture that could be chosen.")
class ImageCandidate(Node):
    id: strawberry.ID = global_id()
    type: str = column(CandidateRow.asset_type, description="What it shows: poster, fanart, banner …")
    provider: str = column(CandidateRow.provider, description="Who offers it; `local` is a file beside the media.")
    width: int | None = column(CandidateRow.width, description="Width in pixels.")
    height: int | None = column(CandidateRow.height, description="Height in pixels.")
    language: str | None = column(CandidateRow.language, description="Language of the text in it; null = none or unknown.")
    score: float = column(CandidateRow.score, description="How well it suits, 0 to 100.")
    is_blocked: bool = column(CandidateRow.is_blocked, description="Never chosen by automation.")
    last_refreshed_at: datetime | None = column(CandidateRow.last_refreshed_at, description="When it was last seen there.")


@entity(Asset, description="A picture of an item, person, collection or studio.")
class Image(Node):
    id: strawberry.ID = global_id()
    type: str = column(Asset.asset_type, description="What it shows: poster, fanart, banner, clearlogo, landscape, thumb …")
    url: str = column(
        Asset.token,
        as_=Prefixed("/images/"),
        description="Path on this server. It needs no login: the token in it is random and can be rotated.",
    )
    rank: int | None = column(Asset.rank, description="0 = shown first; null = in the pool, not shown.")
    source: AssetSource = column(Asset.source_type, description="Where it comes from.")
    provider: str | None = column(Asset.provider, description="The provider that offered it.")
    language: str | None = column(Asset.language, description="Language of the text in it (ISO 639); null = none or unknown.")
    season_number: int | None = column(Asset.season_number, description="The season it is for, where the type has one.")
    score: float = column(Asset.score, description="How well it suits, 0 to 100.")
    is_pinned: bool = column(Asset.is_pinned, description="Never replaced or released by automation.")
    candidate: ImageCandidate | None = one(Asset.candidate_id, description="The offer it was chosen from, with its size.")
