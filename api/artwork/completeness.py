"""How complete an item is, in the schema."""

from collections.abc import Sequence

from api.kit.enums import expose
from api.kit.planner import computed, entity
from domain.artwork.completeness import ItemCompleteness, MissingFact, completeness, missing
from domain.catalog.enums import ItemKind

expose(
    MissingFact,
    "Something that an item should have and has not.",
    {
        "PLOT": "What it is about.",
        "RELEASE_DATE": "The day of its first release or broadcast.",
        "RUNTIME": "Its length.",
        "GENRES": "A genre.",
        "RATING": "A score of any source.",
        "CERTIFICATION": "An age certificate.",
        "EXTERNAL_ID": "What any catalogue calls it.",
        "DIRECTOR": "Who directed it.",
        "CAST": "Who plays in it.",
        "POSTER": "A poster that is shown.",
        "FANART": "A background that is shown.",
        "CLEARLOGO": "A logo that is shown.",
        "THUMB": "A still that is shown.",
    },
)

_PARTS = (ItemCompleteness.kind, ItemCompleteness.mask)


def _scores(rows: Sequence[tuple[ItemKind, int]]) -> Sequence[float]:
    return [completeness(ItemKind(kind), mask) for kind, mask in rows]


def _missing(rows: Sequence[tuple[ItemKind, int]]) -> Sequence[list[MissingFact]]:
    return [missing(ItemKind(kind), mask) for kind, mask in rows]


@entity(ItemCompleteness, description="How much is known of an item of what its kind should have.")
class Completeness:
    fraction: float = computed(_scores, requires=_PARTS, description="How much is there, by weight: 0 to 1, in thousandths.")
    missing: list[MissingFact] = computed(_missing, requires=_PARTS, description="What is not there, the weightiest first.")
