"""The films of the library that Kodi and Marquee both read: between them every element that the comparison has."""

from fractions import Fraction

from av.stream import Disposition

from tests.kodi.files import Content, Picture
from workers.libraries.demo.clip_specs import Clip, Lines, Sound

_SMALL = Clip(width=320, height=180, seconds=2)
_CINEMA = Clip(
    width=480,
    height=200,
    seconds=3,
    rate=Fraction(24000, 1001),
    codec="libx265",
    is_hdr=True,
    sounds=(
        Sound("eng", "ac3", "5.1", title="Surround", role=Disposition.default),
        Sound("fre", "aac", "stereo", hertz=196),
    ),
    lines=(Lines("eng", ("Keep the light burning.", "Until the last boat is in.")), Lines("ger", ("Das Licht muss brennen.",))),
)
_PAL = Clip(
    width=720, height=576, seconds=2, rate=Fraction(25), codec="mpeg2video", sample_aspect=Fraction(64, 45),
    sounds=(Sound("pol", "ac3"),),
)  # fmt: skip
_WEB = Clip(width=640, height=360, seconds=2, codec="libvpx-vp9", sounds=(Sound("jpn", "libopus"),))

_LINES = "1\n00:00:00,200 --> 00:00:01,800\nKto je zapalił?\n"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

LANTERNS = (
    _HEAD
    + """<movie>
  <title>Paper Lanterns</title>
  <originaltitle>Papierowe Światła</originaltitle>
  <sorttitle>Lanterns 1</sorttitle>
  <ratings>
    <rating name="imdb" max="10"><value>7.4</value><votes>1234567</votes></rating>
    <rating name="themoviedb" max="10" default="true"><value>7.123</value><votes>412</votes></rating>
    <rating name="metacritic" max="100"><value>63</value><votes>41</votes></rating>
    <rating name="tomatometerallcritics" max="100"><value>91</value><votes>208</votes></rating>
  </ratings>
  <outline>Two sisters &amp; a theatre.</outline>
  <plot>Two sisters rebuild a theatre that burned down in the year they were born.

"Who lit it?" asks the younger. Nobody &lt;in the town&gt; answers — until the first night’s curtain.</plot>
  <tagline>Light it again, Ania.</tagline>
  <runtime>104</runtime>
  <mpaa>PG-13</mpaa>
  <uniqueid type="tmdb" default="true">99000101</uniqueid>
  <uniqueid type="imdb">tt99000101</uniqueid>
  <uniqueid type="tvdb">98000101</uniqueid>
  <uniqueid type="wikidata">Q990000101</uniqueid>
  <genre>Drama</genre>
  <genre>Music</genre>
  <genre>Mystery</genre>
  <country>Poland</country>
  <country>Norway</country>
  <set><name>The Lantern Collection</name><overview>Every film about the theatre of lights.</overview></set>
  <tag>theatre</tag>
  <tag>two sisters</tag>
  <credits>Adaeze Lindqvist</credits>
  <credits>Pell Sandoval</credits>
  <director>Oona Brandt</director>
  <director>Zoë Ångström-O'Neill</director>
  <premiered>2019-11-05</premiered>
  <year>2019</year>
  <studio>Northlight Pictures</studio>
  <studio>Studio Półmrok</studio>
  <trailer>https://videos.example/lanterns-trailer.mp4</trailer>
  <actor><name>Ines Varga</name><role>Hanna</role><order>0</order></actor>
  <actor><name>Mei Tanaka-Holt</name><role>Ania / Young Hanna</role><order>1</order></actor>
  <actor><name>Rufus O'Okafor Jr.</name><role>The "Lamplighter"</role><order>2</order></actor>
  <actor><name>Łucja Żak</name><role>Mayor &amp; Priest</role><order>3</order></actor>
  <actor><name>Tom Hallow</name><role></role><order>4</order></actor>
</movie>
"""
)

RETURN = (
    _HEAD
    + """<movie>
  <title>Paper Lanterns: The Return</title>
  <originaltitle>Paper Lanterns: The Return</originaltitle>
  <sorttitle>Lanterns 2</sorttitle>
  <rating>6.85</rating>
  <votes>1,904</votes>
  <plot>The theatre opens for a second season.</plot>
  <runtime>97</runtime>
  <mpaa>DE:FSK 12</mpaa>
  <uniqueid type="tmdb" default="true">99000102</uniqueid>
  <uniqueid type="imdb">tt99000102</uniqueid>
  <genre>Drama / Comedy</genre>
  <country>Germany</country>
  <set>The Lantern Collection</set>
  <credits>Pell Sandoval</credits>
  <director>Oona Brandt</director>
  <premiered>2022-02-28</premiered>
  <studio>Northlight Pictures</studio>
  <actor><name>Kit Amari</name><role>The Prompter</role></actor>
  <actor><name>Mei Tanaka-Holt</name><role>Ania</role><order>1</order></actor>
  <actor><name>Ines Varga</name><role>Hanna</role><order>0</order></actor>
  <actor><name>Tom Hallow</name><role>A Voice</role></actor>
</movie>
"""
)

THOUSAND = (
    _HEAD
    + """<movie>
  <title>A Thousand Years of Light</title>
  <originaltitle>千年の灯</originaltitle>
  <sorttitle>Thousand Years of Light, A</sorttitle>
  <ratings><rating name="themoviedb" max="10" default="true"><value>8.0</value><votes>7</votes></rating></ratings>
  <outline>A lamp outlives its makers.</outline>
  <plot>灯は消えない。 The lamp does not go out.</plot>
  <tagline>消えない。</tagline>
  <runtime>141</runtime>
  <mpaa>US:R / JP:R15+</mpaa>
  <uniqueid type="tmdb" default="true">99000103</uniqueid>
  <genre>Animation</genre>
  <country>Japan</country>
  <tag>lamp</tag>
  <credits>森 あかり</credits>
  <director>森 あかり</director>
  <premiered>1988-07-16</premiered>
  <studio>灯スタジオ</studio>
  <actor><name>山田 花</name><role>声</role><order>0</order></actor>
</movie>
"""
)

FERRY = (
    _HEAD
    + """<movie>
  <title>The Last Ferry</title>
  <plot>One boat, two reels.</plot>
  <runtime>88</runtime>
  <uniqueid type="imdb" default="true">tt99000104</uniqueid>
  <genre>Thriller</genre>
  <year>1957</year>
</movie>
"""
)

# As Radarr writes it: what it does not know is there and empty.
DRY = (
    _HEAD
    + """<movie>
  <title>Dry Season</title>
  <originaltitle>Saison sèche</originaltitle>
  <sorttitle>dry season</sorttitle>
  <ratings>
    <rating name="tomatometerallcritics" max="100"><value>0</value></rating>
    <rating name="themoviedb" max="10" default="true"><value>5.5</value><votes>3</votes></rating>
  </ratings>
  <rating>5.5</rating>
  <criticrating/>
  <userrating/>
  <top250/>
  <outline/>
  <plot>It has not rained since the wedding.</plot>
  <tagline/>
  <runtime>93</runtime>
  <mpaa>TV-MA</mpaa>
  <playcount/>
  <lastplayed/>
  <id>99000106</id>
  <uniqueid type="tmdb" default="true">99000106</uniqueid>
  <uniqueid type="imdb">tt99000106</uniqueid>
  <genre>Romance</genre>
  <country/>
  <set/>
  <tag/>
  <status>released</status>
  <credits>Clara Wexford</credits>
  <director>Clara Wexford</director>
  <premiered>2016-08-19</premiered>
  <year>2016</year>
  <studio>Tidewrack Pictures</studio>
  <trailer/>
  <watched>false</watched>
  <actor><name>Edmund Sallow</name><role>Luc</role><order>0</order><thumb/></actor>
  <actor><name>Edmund Sallow</name><role>Luc's Brother</role><order>1</order><thumb/></actor>
</movie>
"""
)

# What breaks naive writers of paths, of XML and of lists.
RAIN = (
    _HEAD
    + """<movie>
  <title>100% Rain &amp; #2 / 3 — "Again" 🌧️</title>
  <originaltitle>مطر ٪100</originaltitle>
  <outline>]]&gt; is no end. &lt;b&gt;Neither&lt;/b&gt; is &amp;amp;.</outline>
  <plot>  First.


\tSecond, after two empty lines; 3 &lt; 4 &amp;&amp; 5 &gt; 4.  </plot>
  <runtime>12</runtime>
  <mpaa>GB:12A</mpaa>
  <uniqueid type="imdb" default="true">tt99000107</uniqueid>
  <uniqueid type="trakt">99000107</uniqueid>
  <genre>Sci-Fi/Fantasy</genre>
  <genre>Action &amp; Adventure</genre>
  <tag>rain, heavy</tag>
  <tag>50/50</tag>
  <credits>Jean-Luc "Zed" d'Arc</credits>
  <director>Ó Súilleabháin, Ruairí</director>
  <premiered>2009-12-31</premiered>
  <studio>Rain+Sun / Partners</studio>
  <studio>A&amp;B #1</studio>
  <actor><name>Seán Ó'Dubhlaoich</name><role>Himself / Narrator (voice)</role><order>0</order></actor>
  <actor><name>DJ 100%</name><role>#2</role><order>1</order></actor>
  <actor><name>Ferdinand Oyelaran Sr.</name><role>The Weather</role><order>2</order></actor>
</movie>
"""
)

PLAIN = (
    _HEAD
    + """<movie>
  <title>Plain Water</title>
  <uniqueid type="tmdb" default="true">99000105</uniqueid>
  <year>2003</year>
</movie>
"""
)

_FULL_ART = ("poster", "fanart", "banner", "clearlogo", "clearart", "discart", "landscape", "keyart", "characterart")
_TRANSPARENT = ("clearlogo", "clearart", "discart", "characterart")


def _art(folder: str, prefix: str, types: tuple[str, ...]) -> dict[str, Content]:
    return {f"{folder}/{prefix}{one}.{'png' if one in _TRANSPARENT else 'jpg'}": Picture(one, f"{folder} {one}") for one in types}


def _film(folder: str, base: str) -> str:
    return f"Films/{folder}/{base}"


FILMS: dict[str, Content] = {
    _film("Paper Lanterns (2019)", "Paper Lanterns (2019).mkv"): _CINEMA,
    _film("Paper Lanterns (2019)", "Paper Lanterns (2019).nfo"): LANTERNS,
    _film("Paper Lanterns (2019)", "Paper Lanterns (2019).pl.srt"): _LINES,
    **_art("Films/Paper Lanterns (2019)", "Paper Lanterns (2019)-", (*_FULL_ART, "fanart1", "fanart2", "thumb")),
    **{
        f"Films/Paper Lanterns (2019)/.actors/{name}.jpg": Picture("actor", name)
        for name in ("Ines_Varga", "Mei_Tanaka-Holt", "Rufus_O'Okafor_Jr.", "Łucja_Żak")
    },
    _film("Paper Lanterns - The Return (2022)", "Paper Lanterns - The Return (2022).mkv"): _PAL,
    _film("Paper Lanterns - The Return (2022)", "movie.nfo"): RETURN,
    **_art("Films/Paper Lanterns - The Return (2022)", "", ("poster", "fanart", "landscape", "clearlogo")),
    _film("A Thousand Years of Light (1988)", "千年の灯 (1988).webm"): _WEB,
    _film("A Thousand Years of Light (1988)", "千年の灯 (1988).nfo"): THOUSAND,
    **_art("Films/A Thousand Years of Light (1988)", "千年の灯 (1988)-", ("poster", "fanart", "keyart")),
    _film("The Last Ferry (1957)", "The Last Ferry (1957) cd1.mkv"): _SMALL,
    _film("The Last Ferry (1957)", "The Last Ferry (1957) cd2.mkv"): _SMALL,
    _film("The Last Ferry (1957)", "The Last Ferry (1957).nfo"): FERRY,
    **_art("Films/The Last Ferry (1957)", "", ("poster",)),
    _film("Dry Season (2016)", "Dry.Season.2016.1080p.WEB.H264-MRQ.mkv"): _SMALL,
    _film("Dry Season (2016)", "Dry.Season.2016.1080p.WEB.H264-MRQ.nfo"): DRY,
    **_art("Films/Dry Season (2016)", "", ("poster", "fanart")),
    _film("100% Rain & #2 + More [x265] (2009)", "100% Rain & #2 + More [x265] (2009).mkv"): _SMALL,
    _film("100% Rain & #2 + More [x265] (2009)", "100% Rain & #2 + More [x265] (2009).nfo"): RAIN,
    **_art("Films/100% Rain & #2 + More [x265] (2009)", "100% Rain & #2 + More [x265] (2009)-", ("poster", "fanart")),
    "Films/100% Rain & #2 + More [x265] (2009)/.actors/DJ_100%.jpg": Picture("actor", "DJ 100%"),
    _film("Plain Water (2003)", "Plain Water (2003).mp4"): _SMALL,
    _film("Plain Water (2003)", "Plain Water (2003).nfo"): PLAIN,
}
