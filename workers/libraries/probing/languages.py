"""Languages as ISO 639-2/B, the three-letter codes of Kodi and Matroska, from whatever a file or a name says."""

UNDETERMINED = "und"

# ISO 639-2/B code, ISO 639-1 code (or -), ISO 639-2/T code where it differs (or -), then English and own names.
# Source: the ISO 639-2 registration authority's code list; names in lower case.
_TABLE = """
afr af - afrikaans
alb sq sqi albanian shqip
amh am - amharic
ara ar - arabic
arm hy hye armenian
aze az - azerbaijani
baq eu eus basque euskara
bel be - belarusian
ben bn - bengali bangla
bos bs - bosnian
bul bg - bulgarian
bur my mya burmese
cat ca - catalan catala valencian
chi zh zho chinese mandarin cantonese zhongwen
cze cs ces czech cesky
dan da - danish dansk
dut nl nld dutch flemish nederlands
eng en - english
epo eo - esperanto
est et - estonian eesti
fil - - filipino
fin fi - finnish suomi
fre fr fra french francais français
fry fy - frisian
geo ka kat georgian
ger de deu german deutsch
gla gd - gaelic
gle ga - irish gaeilge
glg gl - galician galego
gre el ell greek
guj gu - gujarati
heb he - hebrew
hin hi - hindi
hrv hr - croatian hrvatski
hun hu - hungarian magyar
ice is isl icelandic
ind id - indonesian
ita it - italian italiano
jpn ja - japanese
kan kn - kannada
kaz kk - kazakh
khm km - khmer
kir ky - kyrgyz
kor ko - korean
kur ku - kurdish
lao lo - lao
lat la - latin
lav lv - latvian
lit lt - lithuanian
ltz lb - luxembourgish
mac mk mkd macedonian
mal ml - malayalam
mao mi mri maori
mar mr - marathi
may ms msa malay
mlt mt - maltese
mon mn - mongolian
nep ne - nepali
nno nn - nynorsk
nob nb - bokmal bokmål
nor no - norwegian norsk
oci oc - occitan
pan pa - punjabi panjabi
per fa fas persian farsi
pol pl - polish polski
por pt - portuguese português brazilian
pus ps - pashto
roh rm - romansh
rum ro ron romanian moldavian
rus ru - russian
san sa - sanskrit
sin si - sinhala sinhalese
slo sk slk slovak
slv sl - slovenian
sme se - sami
som so - somali
spa es - spanish castilian español espanol latino
srp sr - serbian
swa sw - swahili
swe sv - swedish svenska
tam ta - tamil
tat tt - tatar
tel te - telugu
tgk tg - tajik
tgl tl - tagalog
tha th - thai
tib bo bod tibetan
tuk tk - turkmen
tur tr - turkish türkçe
ukr uk - ukrainian
urd ur - urdu
uzb uz - uzbek
vie vi - vietnamese
wel cy cym welsh cymraeg
xho xh - xhosa
yid yi - yiddish
yor yo - yoruba
yue - - yue
zul zu - zulu
zxx - - none
mul - - multiple
mis - - -
"""

# Codes withdrawn from ISO 639-1 and 639-2 that old rippers still write.
_WITHDRAWN = {
    "iw": "heb", "in": "ind", "ji": "yid", "mo": "rum", "scr": "hrv", "scc": "srp", "cmn": "chi", "chs": "chi", "cht": "chi",
}  # fmt: skip


def _read_table() -> dict[str, str]:
    known = dict(_WITHDRAWN)
    for line in _TABLE.split("\n"):
        code, *others = line.split() or [UNDETERMINED]
        known[code] = code
        known.update((other, code) for other in others if other != "-")
    return known


_KNOWN = _read_table()


def normalise_language(text: str | None) -> str:
    """Return the ISO 639-2/B code for a code of any ISO 639 part, a BCP 47 tag or an English name; "und" if unknown.

    "fr", "fra", "fre", "fr-CA", "French" are all "fre". Region and script of a tag are dropped.
    """
    if not text:
        return UNDETERMINED
    word = text.strip().lower()
    return _KNOWN.get(word) or _KNOWN.get(word.replace("_", "-").split("-", 1)[0].strip(), UNDETERMINED)
