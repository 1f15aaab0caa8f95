"""What an item can lack, as conditions."""

from enum import Enum

from api.kit.enums import expose
from api.kit.planner import And, Compare, Condition, Exists, IsIn, IsNull, Not, Or, Refers, Written
from domain.artwork.tables import Asset
from domain.catalog import tables as t
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, SubtitleStream


class MissingPart(Enum):
    """What an item can lack."""

    POSTER = "poster"
    BACKDROP = "fanart"
    LOGO = "clearlogo"
    TRAILER = "trailer"
    SUBTITLES = "subtitles"
    PLOT = "plot"
    YEAR = "year"
    RELEASE_DATE = "release_date"
    RUNTIME = "runtime_ms"
    GENRES = "genres"
    CREDITS = "credits"
    RATINGS = "ratings"
    CERTIFICATION = "certification"
    EXTERNAL_ID = "external_id"


expose(
    MissingPart,
    "What an item can lack.",
    {
        "POSTER": "A shown poster.",
        "BACKDROP": "A shown background (`fanart`).",
        "LOGO": "A shown logo (`clearlogo`).",
        "TRAILER": "A trailer: a file of that role, or one among its artwork.",
        "SUBTITLES": "Subtitles, within its files or beside them.",
        "PLOT": "What it is about.",
        "YEAR": "The year of its first release.",
        "RELEASE_DATE": "The day of its first release.",
        "RUNTIME": "Its length, as sources say it.",
        "GENRES": "Any genre.",
        "CREDITS": "Anybody who made it or plays in it.",
        "RATINGS": "A score of any source.",
        "CERTIFICATION": "A certificate that says an age.",
        "EXTERNAL_ID": "An id in any catalogue: nobody knows what it is.",
    },
)


def _shown(type_: str) -> Condition:
    where = (Written(Compare(Asset.asset_type, "=", type_)), IsNull(Asset.rank, is_null=False))
    return Exists(Asset.entity_id, where, visible_with_owner=True)


def _in_role(*roles: FileRole) -> Condition:
    return Written(IsIn(ItemFile.role, roles))


_WITH_SUBTITLES = Exists(
    ItemFile.item_id,
    (_in_role(FileRole.MAIN, FileRole.SUBTITLE), Refers(ItemFile.file_id, (Exists(SubtitleStream.file_id),))),
)
_WITH_TRAILER = Or(
    (
        Exists(ItemFile.item_id, (_in_role(FileRole.TRAILER),)),
        Exists(Asset.entity_id, (Written(Compare(Asset.asset_type, "=", "trailer")),), visible_with_owner=True),
    )
)
_THERE: dict[MissingPart, Condition] = {
    MissingPart.POSTER: _shown("poster"),
    MissingPart.BACKDROP: _shown("fanart"),
    MissingPart.LOGO: _shown("clearlogo"),
    MissingPart.TRAILER: _WITH_TRAILER,
    MissingPart.SUBTITLES: _WITH_SUBTITLES,
    MissingPart.GENRES: Exists(t.ItemGenre.item_id),
    MissingPart.CREDITS: Exists(t.Credit.item_id, (Written(Compare(t.Credit.is_removed, "=", False)),)),
    MissingPart.RATINGS: Exists(t.ItemRating.item_id),
    MissingPart.EXTERNAL_ID: Exists(t.ExternalId.entity_id, visible_with_owner=True),
}
_COLUMNS = {
    MissingPart.PLOT: t.MediaItem.plot,
    MissingPart.YEAR: t.MediaItem.year,
    MissingPart.RELEASE_DATE: t.MediaItem.release_date,
    MissingPart.RUNTIME: t.MediaItem.runtime_ms,
    MissingPart.CERTIFICATION: t.MediaItem.min_age,
}


def missing(given: list[MissingPart]) -> list[Condition]:
    """All of these are missing."""
    some = dict.fromkeys(given)
    return [And([IsNull(_COLUMNS[each]) if each in _COLUMNS else Not(_THERE[each]) for each in some])] if some else []
