"""The series that Kodi and Marquee both read: seasons with names and pictures, specials, two episodes in a file."""

from tests.kodi.files import Content, Picture
from workers.libraries.demo.clip_specs import Clip, Lines, Sound

_SMALL = Clip(width=320, height=180, seconds=2, sounds=(Sound("nor"),))
_SUBTITLED = Clip(
    width=426, height=240, seconds=3, codec="libsvtav1", sounds=(Sound("eng", "eac3", "5.1"), Sound("nor", "flac")),
    lines=(Lines("nor", ("Isen snakker.",)), Lines("swe", ("Isen talar.",))),
)  # fmt: skip
_LINES = "1\n00:00:00,200 --> 00:00:01,800\nThe ice is talking.\n"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

NORTHLIGHT = (
    _HEAD
    + """<tvshow>
  <title>Northlight</title>
  <originaltitle>Nordlys</originaltitle>
  <sorttitle>Northlight, The Series</sorttitle>
  <ratings>
    <rating name="tvdb" max="10" default="true"><value>8.35</value><votes>5120</votes></rating>
    <rating name="imdb" max="10"><value>8.1</value><votes>90210</votes></rating>
  </ratings>
  <plot>The crew of a polar station listens to the dark for a living.
One winter, the dark answers.</plot>
  <runtime>48</runtime>
  <mpaa>TV-14</mpaa>
  <uniqueid type="tvdb" default="true">98000201</uniqueid>
  <uniqueid type="tmdb">99000201</uniqueid>
  <uniqueid type="imdb">tt99000201</uniqueid>
  <genre>Drama</genre>
  <genre>Science Fiction</genre>
  <tag>polar night</tag>
  <tag>radio</tag>
  <premiered>2017-10-06</premiered>
  <year>2017</year>
  <status>Ended</status>
  <studio>Halvmåne</studio>
  <namedseason number="1">First Dark</namedseason>
  <namedseason number="2">Second Sun</namedseason>
  <actor><name>Mei Tanaka-Holt</name><role>Dr. Ingrid Aas</role><order>0</order></actor>
  <actor><name>Kit Amari</name><role>Sol</role><order>1</order></actor>
  <actor><name>Rufus O'Okafor Jr.</name><role>Berg</role><order>2</order></actor>
</tvshow>
"""
)

FERRIES = (
    _HEAD
    + """<tvshow>
  <title>The Ferry Detectives</title>
  <plot>Two retired inspectors solve crimes between two harbours.</plot>
  <uniqueid type="tvdb" default="true">98000202</uniqueid>
  <genre>Crime</genre>
  <premiered>2020-02-02</premiered>
  <studio>Tidewrack Television</studio>
</tvshow>
"""
)


def _episode(season: int, number: int, title: str, plot: str, aired: str, more: str = "") -> str:
    key = 9_800_020_000 + season * 100 + number
    return f"""<episodedetails>
  <title>{title}</title>
  <showtitle>Northlight</showtitle>
  <season>{season}</season>
  <episode>{number}</episode>
  <plot>{plot}</plot>
  <aired>{aired}</aired>
  <uniqueid type="tvdb" default="true">{key}</uniqueid>
{more}</episodedetails>
"""


FIRST = _HEAD + _episode(1, 1, "First Dark", "The sun goes down &amp; stays down.", "2017-10-06", """\
  <originaltitle>Mørketid</originaltitle>
  <runtime>51</runtime>
  <ratings><rating name="tvdb" max="10" default="true"><value>8.65</value><votes>311</votes></rating></ratings>
  <uniqueid type="imdb">tt99000211</uniqueid>
  <director>Maro Stellan</director>
  <director>Oona Brandt</director>
  <credits>Adaeze Lindqvist</credits>
  <credits>Pell Sandoval</credits>
  <actor><name>Edmund Sallow</name><role>The Pilot</role><order>0</order></actor>
""")  # fmt: skip
SECOND = _HEAD + _episode(1, 2, "The Ice Log", "An entry nobody wrote.", "2017-10-13")
DOUBLE = (
    _HEAD
    + _episode(1, 3, "Two Lights", "Two lights on the ice.", "2017-10-20", "  <director>Oona Brandt</director>\n")
    + _episode(1, 4, "One Shadow", "And a shadow between them.", "2017-10-20", "  <credits>Pell Sandoval</credits>\n")
)
SUN = _HEAD + _episode(2, 1, "Second Sun", "The sun returns, a day too early.", "2018-10-05")
MAKING = _HEAD + _episode(0, 1, "Making the Aurora", "How the lights were made.", "2017-12-24", """\
  <displayseason>2</displayseason>
  <displayepisode>1</displayepisode>
""")  # fmt: skip
LATER = _HEAD + _episode(0, 2, "A Word After", "The crew comes home.", "2018-01-31", """\
  <displayafterseason>2</displayafterseason>
""")  # fmt: skip
CROSSING = (
    _HEAD
    + """<episodedetails>
  <title>The First Crossing</title>
  <season>1</season>
  <episode>1</episode>
  <aired>2020-02-02</aired>
  <uniqueid type="tvdb" default="true">9800030101</uniqueid>
</episodedetails>
"""
)

_NORTH = "Series/Northlight (2017)"
_VIDEOS = {
    "Season 01/Northlight - S01E01 - First Dark": FIRST,
    "Season 01/Northlight - S01E02 - The Ice Log": SECOND,
    "Season 01/Northlight - S01E03-E04 - Two Lights + One Shadow": DOUBLE,
    "Season 02/Northlight - S02E01 - Second Sun": SUN,
    "Specials/Northlight - S00E01 - Making the Aurora": MAKING,
    "Specials/Northlight - S00E02 - A Word After": LATER,
}
_SEASON_ART = (
    "season01-poster", "season01-fanart", "season01-banner", "season01-landscape",
    "season02-poster", "season-specials-poster", "season-specials-fanart",
)  # fmt: skip
_SHOW_ART = ("poster.jpg", "fanart.jpg", "fanart1.jpg", "banner.jpg", "landscape.jpg", "keyart.jpg")
_SHOW_LOGOS = ("clearlogo.png", "clearart.png", "characterart.png")

SERIES: dict[str, Content] = {
    f"{_NORTH}/tvshow.nfo": NORTHLIGHT,
    **{f"{_NORTH}/{name}": Picture(name.partition(".")[0], f"Northlight {name}") for name in (*_SHOW_ART, *_SHOW_LOGOS)},
    **{f"{_NORTH}/{name}.jpg": Picture(name.rpartition("-")[2], f"Northlight {name}") for name in _SEASON_ART},
    f"{_NORTH}/.actors/Kit_Amari.jpg": Picture("actor", "Kit Amari"),
    **{f"{_NORTH}/{base}.mkv": _SMALL if "S02" not in base else _SUBTITLED for base in _VIDEOS},
    **{f"{_NORTH}/{base}.nfo": text for base, text in _VIDEOS.items()},
    **{f"{_NORTH}/{base}-thumb.jpg": Picture("thumb", base) for base in _VIDEOS},
    f"{_NORTH}/Season 01/Northlight - S01E02 - The Ice Log.en.srt": _LINES,
    "Series/The Ferry Detectives (2020)/tvshow.nfo": FERRIES,
    "Series/The Ferry Detectives (2020)/poster.jpg": Picture("poster", "Ferry Detectives"),
    "Series/The Ferry Detectives (2020)/Season 1/the.ferry.detectives.s01e01.720p.web.h264-mrq.mkv": _SMALL,
    "Series/The Ferry Detectives (2020)/Season 1/the.ferry.detectives.s01e01.720p.web.h264-mrq.nfo": CROSSING,
}
