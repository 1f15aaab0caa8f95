"""What happens to the library before Marquee publishes it: titles without an NFO come, and a person edits."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.kodi.files import Content, Picture, bytes_of
from tests.kodi.server import Server
from workers.libraries.demo.clip_specs import Clip, Sound

_SMALL = Clip(width=320, height=180, seconds=2, sounds=(Sound("swe"),))
_ZENITH = "Films/Zénith.Café.2018.1080p.WEB.H264-MRQ/Zénith.Café.2018.1080p.WEB.H264-MRQ"
_HARBOUR = "Series/Quiet Harbour (2022)"

NEW: dict[str, Content] = {
    f"{_ZENITH}.mkv": _SMALL,
    f"{_ZENITH.rpartition('/')[0]}/folder.jpg": Picture("poster", "Zénith"),
    "Films/Kestrel Road (2011).mkv": _SMALL,
    "Films/Kestrel Road (2011)-poster.jpg": Picture("poster", "Kestrel"),
    f"{_HARBOUR}/poster.jpg": Picture("poster", "Harbour"),
    f"{_HARBOUR}/Season 01/Quiet.Harbour.S01E01.720p.WEB.mkv": _SMALL,
    f"{_HARBOUR}/Season 01/Quiet.Harbour.S01E01.720p.WEB.jpg": Picture("thumb", "Harbour 1"),
    f"{_HARBOUR}/Season 01/Quiet.Harbour.S01E02E03.720p.WEB.mkv": _SMALL,
    f"{_HARBOUR}/Season 01/poster.jpg": Picture("poster", "Harbour, season 1"),
    f"{_HARBOUR}/Season 00/Quiet.Harbour.S00E01.720p.WEB.mkv": _SMALL,
    f"{_HARBOUR}/Season 00/poster.jpg": Picture("poster", "Harbour, specials"),
}
"""No NFO at all, and names of pictures that Kodi does not know: it sees both as soon as they are published."""

_EDITS: Mapping[tuple[str, ...], Mapping[str, Any]] = {
    ("film", "Paper Lanterns"): {
        "title": "Paper Lanterns, Restored",
        "sortTitle": "Lanterns 1 (restored)",
        "plot": "The film as it was meant to be.\n\nWith the <lost> reel & its “sound”.",
        "genres": ["Drama", "Film-Noir", "Æther"],
        "tags": ["theatre", "restored"],
    },
    # Kodi would go on reading the movie.nfo beside it.
    ("film", "Paper Lanterns: The Return"): {
        "title": "The Return of the Lanterns",
        "tagline": "Again.",
        "outline": "They return.",
    },
    ("film", "Kestrel Road"): {
        "originalTitle": "Falkevegen",
        "plot": "A road, and what circles above it.",
        "releaseDate": "2011-09-01",
        "runtimeMs": 95 * 60_000,
        "genres": ["Documentary"],
        "studios": ["Halvmåne"],
        "countries": ["Norway", "United Kingdom"],
        "tags": ["birds"],
    },
    ("series", "Northlight"): {"plot": "Told anew.", "genres": ["Drama", "Horror"], "studios": ["Halvmåne", "Mørk"]},
    ("series", "Quiet Harbour"): {"plot": "Nobody lands here.", "releaseDate": "2022-05-06"},
    ("season", "Northlight", "2"): {"title": "Second Sun, Again"},
    ("season", "Quiet Harbour", "1"): {"title": "Low Water"},
    ("episode", "Northlight", "1", "2"): {"title": "The Ice Log & Others", "plot": "More than one.", "releaseDate": "2017-10-14"},
    ("episode", "Quiet Harbour", "1", "3"): {"title": "The Third Buoy"},
}
_PORTRAITS = ("Seán Ó'Dubhlaoich", "Edmund Sallow", "Tom Hallow", "山田 花", "Ferdinand Oyelaran Sr.")
"""People without a picture beside the media: a person gives them one, and Marquee has to put it where Kodi looks."""
_PEOPLE = "query($who: String!) { people(first: 2, where: { name: { eq: $who } }) { nodes { id } } }"
_ITEMS = """
{
  movies(first: 100) { nodes { id title } }
  series(first: 10) {
    nodes { id title seasons { id position } episodes(first: 50) { nodes { id position season { position } } } }
  }
}
"""


def edit(server: Server) -> None:
    """Edit what has an edit, each by its title and numbers, and give people pictures. Raises KeyError, ValueError: not found."""
    found = dict(_items(server))
    for key, fields in _EDITS.items():
        server.edit(found[key], **fields)
    for name in _PORTRAITS:
        (person,) = server.ask(_PEOPLE, who=name)["people"]["nodes"]
        server.add_picture({"person": person["id"]}, "actor_thumb", bytes_of(Picture("portrait", name)))


def _items(server: Server) -> Iterator[tuple[tuple[str, ...], str]]:
    listed = server.ask(_ITEMS)
    for film in listed["movies"]["nodes"]:
        yield ("film", film["title"]), film["id"]
    for series in listed["series"]["nodes"]:
        yield ("series", series["title"]), series["id"]
        for season in series["seasons"]:
            yield ("season", series["title"], str(season["position"])), season["id"]
        for one in series["episodes"]["nodes"]:
            yield ("episode", series["title"], str(one["season"]["position"]), str(one["position"])), one["id"]
