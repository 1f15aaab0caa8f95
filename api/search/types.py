"""What a search answers with."""

import strawberry

from api.kit.connections import Node
from api.kit.enums import expose
from domain.search.enums import SearchField, SearchKind

expose(
    SearchKind,
    "What can be found.",
    {
        "MOVIE": "Films.",
        "SERIES": "Series as a whole.",
        "SEASON": "Seasons that have a name of their own.",
        "EPISODE": "Episodes that have a name of their own.",
        "ARTIST": "Musicians and bands.",
        "ALBUM": "Releases of an artist.",
        "TRACK": "Pieces of music.",
        "INTERSTITIAL": "Something short between programmes.",
        "INTRO": "What opens a programme.",
        "OUTRO": "What closes a programme.",
        "PROMO": "What announces a programme.",
        "BUMPER": "What stands before or after a break.",
        "STATION_ID": "What says which channel this is.",
        "CLIP": "Short pieces of any sort.",
        "AD": "Advertisements.",
        "UNKNOWN": "Owned, but nobody knows yet what it is.",
        "CUSTOM": "Things of types that users defined.",
        "PERSON": "People.",
        "COLLECTION": "Film series and other sets.",
        "STUDIO": "Studios, networks, labels and publishers.",
        "GENRE": "Genres.",
    },
    name="SearchType",
)
expose(
    SearchField,
    "Which name of a thing.",
    {
        "TITLE": "Its title.",
        "ORIGINAL_TITLE": "Its title in the original language.",
        "SORT_TITLE": "Its title as sorted.",
        "NAME": "The name of a person, set, studio or genre.",
        "SORT_NAME": "That name as sorted.",
    },
)


@strawberry.type(description="A piece of a text; all pieces together are the text.")
class HighlightFragment:
    text: str = strawberry.field(description="The letters, as they stand in the text; plain text, never HTML.")
    is_match: bool = strawberry.field(description="Whether they answer the query.")


@strawberry.type(description="A name in which words of the query were found.")
class SearchHighlight:
    field: SearchField = strawberry.field(description="Which name.")
    fragments: list[HighlightFragment] = strawberry.field(description="The name in pieces, in order.")


@strawberry.type(description="An answer to a search.")
class SearchHit:
    node: Node | None = strawberry.field(description="What was found; null when it went away while you searched.")
    score: float = strawberry.field(description="How well it answers, above 0 to 1: from the query and its names alone.")
    highlights: list[SearchHighlight] = strawberry.field(
        description="Where the words were found, at most one entry for each of its names; empty for a year alone."
    )
