"""Language words of file names, brought to one spelling: BCP 47 with the shortest code (en, pt-BR, zh-Hans, fil)."""

import re

# ISO 639-1 with every ISO 639-2 code and the English name (spaces as _): "de ger deu German".
_TABLE = """
aa aar Afar; ab abk Abkhazian; ae ave Avestan; af afr Afrikaans; ak aka Akan; am amh Amharic; an arg Aragonese; ar ara
Arabic; as asm Assamese; av ava Avaric; ay aym Aymara; az aze Azerbaijani; ba bak Bashkir; be bel Belarusian; bg bul
Bulgarian; bi bis Bislama; bm bam Bambara; bn ben Bengali; bo tib bod Tibetan; br bre Breton; bs bos Bosnian; ca cat
Catalan; ce che Chechen; ch cha Chamorro; co cos Corsican; cr cre Cree; cs cze ces Czech; cu chu Church_Slavic; cv chv
Chuvash; cy wel cym Welsh; da dan Danish; de ger deu German; dv div Dhivehi; dz dzo Dzongkha; ee ewe Ewe; el gre ell
Greek; en eng English; eo epo Esperanto; es spa Spanish; et est Estonian; eu baq eus Basque; fa per fas Persian; ff
ful Fulah; fi fin Finnish; fj fij Fijian; fo fao Faroese; fr fre fra French; fy fry Western_Frisian; ga gle Irish; gd
gla Scottish_Gaelic; gl glg Galician; gn grn Guarani; gu guj Gujarati; gv glv Manx; ha hau Hausa; he heb Hebrew; hi
hin Hindi; ho hmo Hiri_Motu; hr hrv Croatian; ht hat Haitian; hu hun Hungarian; hy arm hye Armenian; hz her Herero; ia
ina Interlingua; id ind Indonesian; ie ile Interlingue; ig ibo Igbo; ii iii Sichuan_Yi; ik ipk Inupiaq; io ido Ido; is
ice isl Icelandic; it ita Italian; iu iku Inuktitut; ja jpn Japanese; jv jav Javanese; ka geo kat Georgian; kg kon
Kongo; ki kik Kikuyu; kj kua Kuanyama; kk kaz Kazakh; kl kal Kalaallisut; km khm Khmer; kn kan Kannada; ko kor Korean;
kr kau Kanuri; ks kas Kashmiri; ku kur Kurdish; kv kom Komi; kw cor Cornish; ky kir Kyrgyz; la lat Latin; lb ltz
Luxembourgish; lg lug Ganda; li lim Limburgan; ln lin Lingala; lo lao Lao; lt lit Lithuanian; lu lub Luba-Katanga; lv
lav Latvian; mg mlg Malagasy; mh mah Marshallese; mi mao mri Maori; mk mac mkd Macedonian; ml mal Malayalam; mn mon
Mongolian; mr mar Marathi; ms may msa Malay; mt mlt Maltese; my bur mya Burmese; na nau Nauru; nb nob Bokmål; nd nde
North_Ndebele; ne nep Nepali; ng ndo Ndonga; nl dut nld Dutch; nn nno Norwegian_Nynorsk; no nor Norwegian; nr nbl
South_Ndebele; nv nav Navajo; ny nya Nyanja; oc oci Occitan; oj oji Ojibwa; om orm Oromo; or ori Oriya; os oss
Ossetian; pa pan Punjabi; pi pli Pali; pl pol Polish; ps pus Pashto; pt por Portuguese; qu que Quechua; rm roh
Romansh; rn run Rundi; ro rum ron Romanian; ru rus Russian; rw kin Kinyarwanda; sa san Sanskrit; sc srd Sardinian; sd
snd Sindhi; se sme Northern_Sami; sg sag Sango; si sin Sinhala; sk slo slk Slovak; sl slv Slovenian; sm smo Samoan; sn
sna Shona; so som Somali; sq alb sqi Albanian; sr srp Serbian; ss ssw Swati; st sot Southern_Sotho; su sun Sundanese;
sv swe Swedish; sw swa Swahili; ta tam Tamil; te tel Telugu; tg tgk Tajik; th tha Thai; ti tir Tigrinya; tk tuk
Turkmen; tl tgl Tagalog; tn tsn Tswana; to ton Tonga; tr tur Turkish; ts tso Tsonga; tt tat Tatar; tw twi Twi; ty tah
Tahitian; ug uig Uyghur; uk ukr Ukrainian; ur urd Urdu; uz uzb Uzbek; ve ven Venda; vi vie Vietnamese; vo vol Volapük;
wa wln Walloon; wo wol Wolof; xh xho Xhosa; yi yid Yiddish; yo yor Yoruba; za zha Zhuang; zh chi zho Chinese; zu zul
Zulu
"""
# ISO 639-2 and -3 codes without a two-letter one that subtitles are met in; most others collide with words of titles.
_THREE_LETTERS = "arc ast bho ceb ckb cmn dsb fil gsw haw hsb ilo kok lzh mai mis mul nds sco scn syr und yue zxx"
# Words of players, release groups and languages themselves.
_WORDS = {
    "chs": "zh-Hans",
    "chi-sim": "zh-Hans",
    "sc": "zh-Hans",
    "gb": "zh-Hans",
    "cht": "zh-Hant",
    "chi-tra": "zh-Hant",
    "tc": "zh-Hant",
    "big5": "zh-Hant",
    "pob": "pt-BR",
    "pb": "pt-BR",
    "ptb": "pt-BR",
    "brazilian": "pt-BR",
    "scr": "hr",
    "scc": "sr",
    "mol": "ro",
    "brazilian portuguese": "pt-BR",
    "brazil": "pt-BR",
    "latin american": "es-419",
    "latin america": "es-419",
    "simplified": "zh-Hans",
    "simplified chinese": "zh-Hans",
    "chinese simplified": "zh-Hans",
    "traditional": "zh-Hant",
    "traditional chinese": "zh-Hant",
    "chinese traditional": "zh-Hant",
    "cantonese": "yue",
    "mandarin": "cmn",
    "filipino": "fil",
    "farsi": "fa",
    "norsk": "no",
    "bokmal": "nb",
    "deutsch": "de",
    "francais": "fr",
    "français": "fr",
    "espanol": "es",
    "español": "es",
    "castellano": "es-ES",
    "latino": "es-419",
    "italiano": "it",
    "portugues": "pt",
    "português": "pt",
    "nederlands": "nl",
    "polski": "pl",
    "svenska": "sv",
    "dansk": "da",
    "suomi": "fi",
    "cestina": "cs",
    "čeština": "cs",
    "slovencina": "sk",
    "slovenčina": "sk",
    "magyar": "hu",
    "romana": "ro",
    "română": "ro",
    "hrvatski": "hr",
    "srpski": "sr",
    "turkce": "tr",
    "türkçe": "tr",
    "русский": "ru",
    "українська": "uk",
    "български": "bg",
    "ελληνικά": "el",
    "日本語": "ja",
    "中文": "zh",
    "简体": "zh-Hans",
    "繁體": "zh-Hant",
    "한국어": "ko",
    "العربية": "ar",
    "עברית": "he",
    "ไทย": "th",
}
_TAG = re.compile(r"([a-z]{2,3})[-_](?:([a-z]{4})(?:[-_]|\Z))?([a-z]{2}|[0-9]{3})?\Z")


def _codes() -> dict[str, str]:
    found: dict[str, str] = {code: code for code in _THREE_LETTERS.split()}
    for entry in " ".join(_TABLE.split()).split("; "):
        *codes, name = entry.split()
        for word in (*codes, name.replace("_", " ").casefold()):
            found[word] = codes[0]
    return found


_CODES = _codes()
_THREE = {codes[0]: codes[-1] for entry in " ".join(_TABLE.split()).split("; ") if (codes := entry.split()[:-1])}


def normalise_language(text: str) -> str | None:
    """The BCP 47 tag of a code or name: `eng`, `EN`, `English` -> en; `ger`, `deu` -> de; `pt_br`, `pob` -> pt-BR.

    Two- and three-letter ISO 639-1/-2 codes (both -2/B and -2/T), English and some native names, with script and region
    where written. None if the text names no language, or says that it is undetermined (`und`).
    """
    word = text.strip().casefold()
    known = _WORDS.get(word) or _CODES.get(word)
    if known:
        return None if known == "und" else known
    match = _TAG.match(word)
    if match is None or match[1] not in _CODES or not (match[2] or match[3]):
        return None
    parts = (_CODES[match[1]], match[2].title() if match[2] else None, match[3].upper() if match[3] else None)
    return "-".join(part for part in parts if part)


def three_letters(tag: str) -> str | None:
    """The ISO 639-2/T code of a BCP 47 tag: `de`, `de-AT` -> deu; None where it has none."""
    language = tag.partition("-")[0].casefold()
    return _THREE.get(language) or (language if language in _CODES and len(language) == 3 else None)
