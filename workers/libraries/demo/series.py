"""The demo's series: one kept with every sidecar, one as it comes from a download."""

from fractions import Fraction

from av.stream import Disposition

from workers.libraries.demo import palettes
from workers.libraries.demo.artwork import Look
from workers.libraries.demo.clip_specs import Clip, Lines, Sound
from workers.libraries.demo.titles import Art, Episode, Facts, Series

_FIRST = Clip(seconds=2.5, sounds=(Sound("eng", role=Disposition.default), Sound("nor", hertz=247)))
_LATER = Clip(
    width=1920,
    height=1080,
    seconds=2.5,
    rate=Fraction(25),
    codec="libx265",
    sounds=(Sound("eng", "eac3", "5.1"),),
    lines=(Lines("eng", ("The ice is talking.",), role=Disposition.hearing_impaired),),
)
_DOWNLOAD = Clip(seconds=2, rate=Fraction(25))
_DOWNLOAD_AV1 = Clip(seconds=2, rate=Fraction(25), codec="libsvtav1", sounds=(Sound("eng", "libopus"),))
_LINES = "1\n00:00:00,200 --> 00:00:01,600\nThe ice is talking.\n"


def _kept(season: int, numbers: tuple[int, ...], titles: tuple[str, ...], clip: Clip, plot: str, aired: str) -> Episode:
    folder = f"Season {season:02d}" if season else "Specials"
    code = f"S{season:02d}" + "-".join(f"E{number:02d}" for number in numbers)
    return Episode(f"{folder}/Northlight - {code} - {' + '.join(titles)}.mkv", season, numbers, titles, clip, plot, aired)


def _downloaded(season: int, number: int, title: str, clip: Clip, tag: str) -> Episode:
    folder = f"Season {season}" if season else "Specials"
    dotted = title.lower().replace(" ", ".")
    path = f"{folder}/the.ferry.detectives.s{season:02d}e{number:02d}.{dotted}.{tag}-mrq.mkv"
    return Episode(path, season, (number,), (title,), clip, has_sidecars=False)


NORTHLIGHT = Series(
    Facts(
        "Northlight",
        2017,
        101,
        "The crew of a polar station listens to the dark for a living. One winter, the dark answers.",
        tagline="Listen.",
        genres=("Drama", "Science Fiction"),
        country="Norway",
        studio="Halvmåne",
        director="Maro Stellan",
        writers=("Adaeze Lindqvist",),
        certificate="TV-14",
        rating=8.3,
        votes=5120,
        minutes=48,
        premiered="2017-10-06",
        cast=(("Mei Tanaka-Holt", "Dr. Ingrid Aas"), ("Kit Amari", "Sol"), ("Rufus Okafor", "Berg")),
    ),
    Look(palettes.AURORA, "aurora", 9),
    "Northlight (2017)",
    "Ended",
    ((0, "Specials"), (1, "First Dark"), (2, "Second Sun")),
    (
        _kept(1, (1,), ("First Dark",), _FIRST, "The sun goes down for the last time this year.", "2017-10-06"),
        _kept(1, (2,), ("The Ice Log",), _FIRST, "An entry nobody wrote stands in the log.", "2017-10-13"),
        _kept(1, (3, 4), ("Two Lights", "One Shadow"), _FIRST, "Two lights on the ice, and a shadow between them.", "2017-10-20"),
        _kept(2, (1,), ("Second Sun",), _LATER, "The sun returns, a day too early.", "2018-10-05"),
        _kept(2, (2,), ("Halo",), _LATER, "Berg follows the ring around the moon.", "2018-10-12"),
        _kept(2, (3,), ("Breakup",), _LATER, "The ice goes out, and takes the answer along.", "2018-10-19"),
        _kept(0, (1,), ("Making the Aurora",), _FIRST, "How the lights were made.", "2017-12-24"),
    ),
    art=(Art.POSTER, Art.FANART, Art.CLEARLOGO, Art.BANNER, Art.LANDSCAPE),
    texts=(
        ("Season 02/Northlight - S02E01 - Second Sun.en.srt", _LINES),
        ("Season 01/leftover.xyz", "nobody knows what this is\n"),
    ),
)

FERRY_DETECTIVES = Series(
    Facts(
        "The Ferry Detectives",
        2020,
        102,
        "Two retired inspectors solve crimes between two harbours, ninety minutes at a time.",
        tagline="Ninety minutes to the far shore.",
        genres=("Comedy", "Crime"),
        studio="Tidewrack Television",
        director="Clara Wexford",
        writers=("Tom Hallow",),
        certificate="TV-PG",
        rating=7.8,
        votes=1733,
        minutes=45,
        premiered="2020-02-02",
        cast=(("Edmund Sallow", "Inspector Quill"), ("Ines Varga", "Inspector Marsh")),
    ),
    Look(palettes.ROSE, "ferry", 6),
    "The Ferry Detectives (2020) {tvdb-98000102}",
    "Continuing",
    ((0, "Specials"), (1, "Season 1"), (2, "Season 2")),
    (
        _downloaded(1, 1, "The First Crossing", _DOWNLOAD, "720p.web.h264"),
        _downloaded(1, 2, "A Body of Water", _DOWNLOAD, "720p.web.h264"),
        _downloaded(1, 3, "Lost Property", _DOWNLOAD, "720p.web.h264"),
        _downloaded(2, 1, "Lifeboat Drill", _DOWNLOAD_AV1, "720p.web.av1"),
        _downloaded(2, 2, "The Purser Did It", _DOWNLOAD_AV1, "720p.web.av1"),
        _downloaded(2, 3, "Far Shore", _DOWNLOAD_AV1, "720p.web.av1"),
        _downloaded(0, 1, "Night Boat", _DOWNLOAD, "720p.web.h264"),
    ),
    art=(Art.POSTER, Art.FANART),
)

SERIES = (NORTHLIGHT, FERRY_DETECTIVES)
