"""The words of release names that say nothing about the title: sources, codecs, languages and scene remarks."""

import re

_STRONG = """
    bluray bdrip brrip bdremux brremux bdmux brmux bdripmux brripmux blurayrip uhdrip uhdbd remux bd25 bd50 hddvd dvdrip
    dvdr dvdscr dvdscreener dvd5 dvd9 dvdmux dvdivx hdtv hdtvrip hdtvmux pdtv dsr dsrip dthrip dvbrip dvb sdtv uhdtv ahdtv
    tvrip tvhdrip satrip hdrip hdcam hdts hdtc telesync telecine camrip webdl webrip webhd webcap webuhd webdlrip webmux
    dlmux vodrip ppvrip vhsrip ldrip microhd mhd hdlight bdrips xvid divx hevc avchd vc1 mpeg2 mpeg4 vp9 ac3 ac3d eac3 dts
    dtshd dtsma dtses truehd flac lpcm aac ddp hdr10plus dovi vostfr vostf truefrench vff vfq vf2 subfrench subforced
    multisub multisubs dualaudio hardsub softsub softsubs readnfo dirfix nfofix prooffix samplefix syncfix webuntouched
    hi10p hi10 hi444pp ma10p 10bits amzn dsnp hmax atvp netflixuhd itunesuhd rartv eztv ettv rarbg yify
"""
_WEAK = """
    dvd web hd uhd bd br cam ts tc r5 r6 ppv tv vhs laserdisc telecast nf hulu hbo ip dl ws fs pal ntsc secam avc hdr sdr dv
    dolby vision opus mp2 mp3 mp4 mkv ogg atmos proper repack rerip real internal int limited complete read nfo retail
    dubbed dub dubs subbed sub subs multi dual audio ac custom line dirty md ld stv dc docu doku fastsub fansub hardcoded hc
    preair screener scr rip bdr dvdiso full untouched hybrid convert upscaled upscale colorized hfr hsbs sbs hou half ou 3d
    2d 4k 8k 1080 720 2160 480 576 unrated festival oar open matte oem pcm ma hra raw raws x ch hq lq vo vf vfi st dubbing
    legendado dublado nlsubs swesub esub esubs msubs webdl subtitulado batch final end uncensored bit sd edtv hi 60fps 24fps
    50fps 30fps 25fps extras sample region multisubs
"""
_LANGUAGES = """
    french german italian spanish english russian japanese korean chinese mandarin cantonese portuguese polish dutch flemish
    hindi tamil telugu malayalam kannada bengali punjabi swedish norwegian danish finnish icelandic nordic turkish arabic
    hebrew greek czech hungarian romanian ukrainian bulgarian thai vietnamese castellano latino espanol español swissgerman
    persian fr eng ita ger rus esp spa jap jpn kor chs cht pol ukr vost ptbr norsk svenska brazilian catalan deutsch
"""

# A strong word never belongs to a title; a weak one or a language only beside a strong one or the year.
STRONG = frozenset(_STRONG.split())
WEAK = frozenset(_WEAK.split())
LANGUAGES = frozenset(_LANGUAGES.split())

_NUMERIC = re.compile(
    r"\d{3,4}[pi]\d{0,3}|\d{3,4}px|\d{3,4}x\d{3,4}(?:p|i|up)?"
    r"|[xh]26[2-6]\w*|(?:hdtv|pdtv|dl|web|hdrip|dvdrip|bdrip)[xh]26[45]|(?:8|10|12)bits?"
    r"|(?:dd|ddp|dts|dtshd|aac|ac3|eac3|flac|lpcm|truehd|opus|atmos)\d{1,2}|hdr10\w*"
    r"|bt2020|bt709|\d+(?:mb|gb|mbps|kbps|kbit)|(?=\d*[a-f])[0-9a-f]{8}|hevc\d+|yuv\d+p\d+|xvid\d*|divx\d*|[57]1ch|[2-8]ch",
)
_FIRST_HALVES = ("web", "dvd", "bd", "br", "hd", "tv", "vhs", "cam", "hdtv")
_PAIRS = frozenset((first, second) for first in _FIRST_HALVES for second in ("rip", "dl")) | {
    ("blu", "ray"), ("h", "264"), ("h", "265"), ("x", "264"), ("x", "265"), ("hd", "tv"), ("hd", "dvd"),
    ("dts", "hd"), ("dts", "x"), ("vc", "1"), ("true", "hd"), ("dual", "audio"), ("e", "ac3"), ("dd", "5"),
    ("dd", "2"), ("ac", "3"), ("micro", "hd"), ("dvd", "r"), ("dvd", "scr"), ("ultra", "hd"), ("complete", "bluray"),
    ("web", "h264"), ("web", "x264"), ("web", "h265"),
}  # fmt: skip


def is_strong(word: str, following: str) -> bool:
    """Say whether the lower-case word (with the word after it) can only be a release word."""
    if word in STRONG or (word, following) in _PAIRS:
        return True
    return any(character.isdigit() for character in word) and _NUMERIC.fullmatch(word) is not None
