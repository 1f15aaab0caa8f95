"""Invented films that somebody keeps with care: full NFO, artwork, actors, editions, parts and qualities."""

from fractions import Fraction

from av.stream import Disposition

from workers.libraries.demo import palettes
from workers.libraries.demo.artwork import Look
from workers.libraries.demo.clip_specs import Clip, Lines, Sound
from workers.libraries.demo.titles import FULL_ART, MINIMAL_ART, Art, Facts, Film, Sidecar

_CINEMA = Fraction(24000, 1001)
_TRAILER = Clip(width=854, height=480, seconds=2)
_ENGLISH_SRT = (
    "1\n00:00:00,200 --> 00:00:01,800\nKeep the light burning.\n\n2\n00:00:02,000 --> 00:00:03,600\nUntil the last boat is in.\n"
)
_FORCED_SRT = "1\n00:00:00,500 --> 00:00:02,500\n[Auf dem Schild] Betreten verboten\n"

KEPT_FILMS: tuple[Film, ...] = (
    Film(
        Facts(
            "The Lanternkeeper",
            2019,
            1,
            "When the last keeper of a drowned coast falls silent, her estranged son must hold the light through one winter "
            "and learn whom it was burning for.",
            tagline="Someone has to stay awake.",
            genres=("Drama", "Mystery"),
            director="Oona Brandt",
            writers=("Pell Sandoval", "Oona Brandt"),
            cast=(
                ("Ines Varga", "Maren"),
                ("Tom Hallow", "Jory"),
                ("Adaeze Lindqvist", "The Harbourmaster"),
                ("Rufus Okafor", "Brother Sand"),
            ),
            certificate="PG-13",
            rating=7.9,
            votes=4112,
            minutes=108,
            premiered="2019-11-08",
            collection="Coastline Collection",
        ),
        Look(palettes.NIGHT, "lighthouse", 8),
        "The Lanternkeeper (2019)",
        (
            (
                "The Lanternkeeper (2019).mkv",
                Clip(
                    width=1920,
                    height=1080,
                    seconds=5,
                    rate=_CINEMA,
                    sounds=(
                        Sound("eng", "aac", "5.1", title="Surround", role=Disposition.default),
                        Sound("ger", "ac3", "stereo", hertz=196),
                        Sound("eng", "aac", title="Director's commentary", role=Disposition.comment, hertz=165),
                    ),
                    lines=(
                        Lines(
                            "eng",
                            ("Keep the light burning.", "Until the last boat is in."),
                            title="English SDH",
                            role=Disposition.hearing_impaired,
                        ),
                        Lines("fre", ("Garde la lumière.",)),
                    ),
                    chapters=("Low Tide", "The Lamp", "Storm", "Morning"),
                    tags={"title": "The Lanternkeeper"},
                ),
            ),
        ),
        Sidecar.FULL,
        FULL_ART,
        extras=(
            ("The Lanternkeeper (2019)-trailer.mp4", _TRAILER),
            ("Behind The Scenes/Building the Lamp Room.mkv", Clip(width=854, height=480, seconds=2)),
            ("Deleted Scenes/The Second Boat.mkv", Clip(width=854, height=480, seconds=2)),
        ),
        texts=(
            ("The Lanternkeeper (2019).en.srt", _ENGLISH_SRT),
            ("The Lanternkeeper (2019).de.forced.srt", _FORCED_SRT),
        ),
    ),
    Film(
        Facts(
            "Harbour of Glass",
            2021,
            2,
            "A window cleaner on the tallest tower of a free port sees a crime three seconds before it happens, every evening.",
            tagline="Every window is a witness.",
            genres=("Thriller", "Science Fiction"),
            director="Maro Stellan",
            cast=(("Adaeze Lindqvist", "Noor"), ("Kit Amari", "Inspector Vale"), ("Tom Hallow", "The Tenant")),
            certificate="R",
            rating=7.4,
            votes=2871,
            minutes=117,
            premiered="2021-09-17",
            collection="Coastline Collection",
        ),
        Look(palettes.PETROL, "city", 4),
        "Harbour of Glass (2021)",
        (
            (
                "Harbour of Glass (2021) - 1080p.mkv",
                Clip(width=1920, height=1080, seconds=4, rate=_CINEMA, sounds=(Sound("eng", "ac3", "5.1"),)),
            ),
            (
                "Harbour of Glass (2021) - 2160p HDR.mkv",
                Clip(
                    width=3840,
                    height=2160,
                    seconds=2,
                    rate=_CINEMA,
                    codec="libx265",
                    is_hdr=True,
                    sounds=(Sound("eng", "eac3", "5.1", role=Disposition.default), Sound("spa", hertz=247)),
                    lines=(Lines("eng", ("Three seconds.", "Always three.")),),
                ),
            ),
        ),
        Sidecar.FULL,
        (*MINIMAL_ART, Art.CLEARLOGO, Art.LANDSCAPE),
        extras=(("trailers/Teaser.mp4", _TRAILER),),
    ),
    Film(
        Facts(
            "Salt Meridian",
            2014,
            3,
            "Two rival surveyors cross the same desert from opposite ends and meet at a line that is on neither map.",
            tagline="The map ends here.",
            genres=("Adventure", "Western"),
            director="Ilse Marchetti",
            country="Australia",
            cast=(("Rufus Okafor", "Corrigan"), ("Mei Tanaka-Holt", "Anselm")),
            rating=6.8,
            votes=963,
            minutes=139,
            premiered="2014-06-20",
        ),
        Look(palettes.SAND, "dunes", 5),
        "Salt Meridian (2014) {edition-Director's Cut}",
        (
            (
                "Salt Meridian (2014) {edition-Director's Cut}.mkv",
                Clip(width=1920, height=1080, seconds=3, codec="libx265", sounds=(Sound("eng", "flac"),)),
            ),
        ),
        Sidecar.FULL,
        (*MINIMAL_ART, Art.DISCART),
    ),
    Film(
        Facts(
            "A Winter Ledger",
            1978,
            5,
            "The bookkeeper of a snowed-in sanatorium finds one guest too many in every column.",
            tagline="The sums will not stay still.",
            genres=("Horror", "Drama"),
            director="Edmund Sallow",
            certificate="R",
            cast=(("Clara Wexford", "Sister Agnes"), ("Hugo Dremel", "The Bookkeeper")),
            rating=7.6,
            votes=1405,
            minutes=121,
        ),
        Look(palettes.GLACIER, "mountains", 15),
        "A Winter Ledger (1978)",
        tuple(
            (
                f"A Winter Ledger (1978) cd{part}.avi",
                Clip(width=640, height=480, rate=Fraction(25), codec="mpeg4", sounds=(Sound("eng", "libmp3lame"),)),
            )
            for part in (1, 2)
        ),
        Sidecar.FULL,
        MINIMAL_ART,
    ),
    Film(
        Facts(
            "The Clockwinder's Holiday",
            1931,
            10,
            "A clockwinder takes his first day off in forty years, and the whole city runs late.",
            tagline="Tick. Tock. Stop.",
            genres=("Comedy",),
            director="Edmund Sallow",
            certificate="Approved",
            rating=7.2,
            votes=318,
            minutes=64,
            cast=(("Hugo Dremel", "The Clockwinder"), ("Clara Wexford", "Miss Pym")),
            studio="Brasswick",
            premiered="1931-05-02",
        ),
        Look(palettes.SILVER, "city", 21),
        "The Clockwinder's Holiday (1931)",
        (
            (
                "The Clockwinder's Holiday (1931).mpg",
                Clip(
                    width=720,
                    height=576,
                    rate=Fraction(25),
                    codec="mpeg2video",
                    is_interlaced=True,
                    sample_aspect=Fraction(16, 15),
                    sounds=(Sound("eng", "mp2", "mono"),),
                ),
            ),
        ),
        Sidecar.FULL,
        MINIMAL_ART,
    ),
    Film(
        Facts(
            "The Fog Garden",
            2005,
            11,
            "In a spa town where the fog never lifts, a gardener grows flowers nobody has seen.",
            tagline="Was blüht, wenn keiner hinsieht?",
            original_title="Der Nebelgarten",
            country="Germany",
            director="Ilse Marchetti",
            cast=(("Clara Wexford", "Hedwig"), ("Mei Tanaka-Holt", "Die Ärztin")),
            rating=7.0,
            votes=655,
            minutes=101,
        ),
        Look(palettes.ROSE, "forest", 17),
        "Der Nebelgarten (2005)",
        (
            (
                "Der Nebelgarten (2005).mkv",
                Clip(
                    width=1920,
                    height=1080,
                    seconds=3,
                    rate=Fraction(25),
                    sounds=(
                        Sound("deu", "ac3", role=Disposition.default | Disposition.original),
                        Sound("eng", role=Disposition.dub, hertz=233),
                    ),
                    lines=(
                        Lines("en", ("What blooms when nobody looks?",), title="English"),
                        Lines("en", ("[Sign: Spa closed]",), title="English forced", role=Disposition.forced),
                    ),
                ),
            ),
        ),
        Sidecar.FULL,
        (*MINIMAL_ART, Art.BANNER, Art.KEYART),
        texts=(("Der Nebelgarten (2005).de.srt", _FORCED_SRT),),
    ),
)
