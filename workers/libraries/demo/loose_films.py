"""Invented films as they come: release names, an id in a folder's name, only a link, a name nobody understands."""

from fractions import Fraction

from av.stream import Disposition

from workers.libraries.demo import palettes
from workers.libraries.demo.artwork import Look
from workers.libraries.demo.clip_specs import Clip, Sound
from workers.libraries.demo.titles import MINIMAL_ART, Art, Facts, Film, Sidecar

_CINEMA = Fraction(24000, 1001)

LOOSE_FILMS: tuple[Film, ...] = (
    Film(
        Facts(
            "Paper Comets",
            2016,
            4,
            "A town that folds its wishes into paper wakes to find them in the sky.",
            tagline="Fold. Wish. Duck.",
        ),
        Look(palettes.VIOLET, "comets", 6),
        "Paper Comets (2016) {tmdb-99000004}",
        (
            (
                "Paper Comets (2016).mp4",
                Clip(
                    seconds=3,
                    sounds=(Sound("eng", role=Disposition.default), Sound("jpn", hertz=262)),
                    chapters=("Fold", "Wish", "Duck"),
                ),
            ),
        ),
        art=MINIMAL_ART,
    ),
    Film(
        Facts(
            "The Tinsmith's Atlas",
            1996,
            6,
            "A travelling tinsmith hammers the places he has lost into plates of tin.",
            tagline="",
        ),
        Look(palettes.EMBER, "forest", 9),
        "The.Tinsmiths.Atlas.1996.1080p.BluRay.DTS.x264-MRQ",
        (
            (
                "The.Tinsmiths.Atlas.1996.1080p.BluRay.DTS.x264-MRQ.mkv",
                Clip(width=1920, height=1080, seconds=3, rate=_CINEMA, sounds=(Sound("eng", "ac3", "5.1"),)),
            ),
        ),
        texts=(("mrq-tinsmith.sfv", "the.tinsmiths.atlas.1996.1080p.mkv 5A17C0DE\n"),),
    ),
    Film(
        Facts(
            "Nine Quiet Engines",
            2008,
            7,
            "The night shift of a shut-down railway keeps nine locomotives warm for nobody.",
            tagline="Somebody will come.",
        ),
        Look(palettes.DUSK, "road", 12),
        "Nine Quiet Engines (2008)",
        (("Nine Quiet Engines (2008).mkv", Clip()),),
        Sidecar.URL,
        (Art.POSTER,),
    ),
    Film(
        Facts("Orchard Static", 2023, 8, "A radio in an orchard plays tomorrow's weather."),
        Look(palettes.MOSS, "orchard", 6),
        "Orchard Static (2023)",
        (("Orchard Static (2023).mp4", Clip(codec="libsvtav1", sounds=(Sound("eng", "libopus"),))),),
    ),
    Film(
        Facts("Tidal", 0, 9, ""),
        Look(palettes.LAGOON, "sea", 3),
        "tidal_final_v3",
        (("tidal_final_v3.mkv", Clip(seconds=2, sounds=(Sound("und"),))),),
    ),
    Film(
        Facts("Zénith Café", 2018, 12, "Minuit, trois inconnus, une seule tasse.", tagline="Ouvert quand tout est fermé."),
        Look(palettes.AURORA, "city", 33),
        "Zénith Café (2018)",
        (("Zénith Café (2018).webm", Clip(width=854, height=480, codec="libvpx-vp9", sounds=(Sound("fra", "libopus"),))),),
        art=(Art.POSTER,),
    ),
    Film(
        Facts("Kestrel Road", 2011, 13, "A courier and a falcon drive the length of a closed motorway."),
        Look(palettes.EMBER, "road", 7),
        "",
        (("Kestrel Road (2011).mkv", Clip()),),
    ),
)
