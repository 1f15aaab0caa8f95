"""What Kodi 20.1 answered, put into the common shape."""

from pathlib import Path
from typing import Any

from tests.kodi import as_kodi
from tests.kodi.shape import picture

STREAMS = {
    "audio": [{"channels": 6, "codec": "ac3", "language": "eng"}, {"channels": 2, "codec": "aac", "language": ""}],
    "subtitle": [{"language": "ger"}, {"language": "eng"}],
    "video": [
        {"aspect": 2.4000000953674316, "codec": "hevc", "duration": 3, "hdrtype": "hdr10", "height": 200, "width": 480}
    ],
}  # fmt: skip
NOBODY = {"imdbnumber": "", "mpaa": "", "genre": [], "studio": [], "tag": [], "cast": [], "ratings": {}, "sorttitle": ""}


class Answers:
    """A player that has answers ready."""

    def __init__(self, **answers: list[dict[str, Any]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.asked.append(method)
        name = method.removeprefix("VideoLibrary.Get").lower().removeprefix("movie" if method.endswith("Sets") else "")
        return {"limits": {}, **({name: self.answers[name]} if name in self.answers else {})}


def test_a_film_of_two_parts_with_a_set_and_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "Films" / "The Last Ferry (1957)"
    folder.mkdir(parents=True)
    (folder / "poster.jpg").write_bytes(b"a poster")
    encoded = f"{folder}/poster.jpg".replace("/", "%2f").replace(" ", "%20")
    film = {
        **NOBODY,
        "title": "The Last Ferry", "originaltitle": "", "plot": "", "plotoutline": "", "tagline": "", "year": 1957,
        "premiered": "", "runtime": 4, "uniqueid": {"tmdb": "4", "imdb": "tt4"}, "imdbnumber": "4",
        "mpaa": "US:R / DE:FSK 12", "country": [],
        "ratings": {"themoviedb": {"default": True, "rating": 6.849999904632568, "votes": 1904}},
        "director": [], "writer": ["Pell Sandoval"], "set": "Boats", "streamdetails": STREAMS,
        "file": f"stack://{folder}/cd1.mkv , {folder}/cd2.mkv",
        "cast": [{"name": "B", "order": 1, "role": ""}, {"name": "A", "order": 0, "role": "Ann"}],
        "art": {"icon": "image://DefaultVideo.png/", "poster": f"image://{encoded}/", "set.poster": "image://elsewhere/"},
    }  # fmt: skip
    shown = as_kodi.read(Answers(movies=[film], sets=[{"title": "Boats", "plot": ""}]), tmp_path)  # type: ignore[arg-type]
    key = ("film", "Films/The Last Ferry (1957)/cd1.mkv")
    assert shown.keys() == {key, ("collection", "Boats")}
    assert shown["collection", "Boats"] == {"plot": None, "films": [key[1]]}
    fields = shown[key]
    assert fields["files"] == [key[1], "Films/The Last Ferry (1957)/cd2.mkv"]
    assert (fields["ids"], fields["default id"]) == ({"imdb": "tt4", "tmdb": "4"}, "4")
    assert fields["ratings"] == {"tmdb": (6.85, 1904)}
    assert fields["certificates"] == ["US:R", "DE:12"]
    assert fields["cast"] == [("A", "Ann"), ("B", "")]
    assert fields["art"] == {"poster": picture(b"a poster")}
    assert (fields["video"], fields["length"]) == ([("hevc", 480, 200, 2.4, "hdr10")], 3)
    assert (fields["audio"], fields["subtitles"]) == ([("ac3", 6, "eng"), ("aac", 2, None)], ["eng", "ger"])
    assert (fields["plot"], fields["release date"], fields["sort title"]) == (None, None, None)


def test_an_episode_has_its_guests_and_its_place_and_not_what_it_inherits(tmp_path: Path) -> None:
    regular = {"name": "Kit Amari", "order": 0, "role": "Sol"}
    show = {
        **NOBODY,
        "tvshowid": 2, "title": "Northlight", "originaltitle": "Nordlys", "plot": "Dark.", "year": 2017,
        "premiered": "2017-10-06", "runtime": 2880, "mpaa": "TV-14", "cast": [regular], "art": {},
        "file": f"{tmp_path}/Series/Northlight (2017)/",
        "season": 1, "episode": 1,
    }  # fmt: skip
    season = {"title": "Specials", "season": 0, "episode": 1, "tvshowid": 2, "art": {"tvshow.poster": "image://elsewhere/"}}
    episode = {
        **NOBODY,
        "title": "A Word After", "originaltitle": "", "plot": "", "season": 0, "episode": 2, "firstaired": "2018-01-31",
        "runtime": 2, "director": [], "writer": [], "streamdetails": {"audio": [], "subtitle": [], "video": []}, "tvshowid": 2,
        "cast": [{"name": "Edmund Sallow", "order": 0, "role": "The Pilot"}, regular], "art": {},
        "file": f"{tmp_path}/Series/Northlight (2017)/Specials/two.mkv", "specialsortseason": 2, "specialsortepisode": 4096,
    }  # fmt: skip
    answers = Answers(tvshows=[show], seasons=[season], episodes=[episode])
    shown = as_kodi.read(answers, tmp_path)  # type: ignore[arg-type]
    folder = "Series/Northlight (2017)"
    assert shown["series", folder]["certificates"] == ["US:TV-14"]
    assert shown["series", folder]["ids"] == {}
    assert shown["season", folder, "0"] == {"title": "Specials", "episodes": 1, "art": {}}
    fields = shown["episode", folder, "0", "2"]
    assert (fields["guests"], fields["shown before"]) == ([("Edmund Sallow", "The Pilot")], (2, None))
    assert answers.asked == [f"VideoLibrary.Get{name}" for name in ("Movies", "TVShows", "MovieSets", "Seasons", "Episodes")]
