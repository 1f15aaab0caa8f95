"""Finds the item elements in the text of an NFO, which is often not one well-formed document."""

import re
from typing import NamedTuple

from domain.libraries.nfo.document import NfoKind
from domain.libraries.nfo.errors import NfoError, NfoErrorCode

ROOTS = {
    "movie": NfoKind.MOVIE,
    "tvshow": NfoKind.SERIES,
    "series": NfoKind.SERIES,
    "season": NfoKind.SEASON,
    "episodedetails": NfoKind.EPISODE,
    "musicvideo": NfoKind.MUSICVIDEO,
    "artist": NfoKind.ARTIST,
    "album": NfoKind.ALBUM,
    "set": NfoKind.SET,
}
MAX_ROOTS = 500
# Old tools wrap several episodes in one of these.
_WRAPPERS = frozenset({"xbmcmultiepisode", "kodimultiepisode", "multiepisodenfo", "episodes", "nfo", "xml"})
# No writer nests these in themselves, so a second start means that the first was never closed.
_NEVER_NESTED = frozenset({"movie", "tvshow", "episodedetails", "musicvideo"})
# Every stranger costs a compiled pattern, an unclosed one a look through the rest of the file.
_MAX_STRANGERS = 500
_MAX_UNCLOSED = 4
_OPENING = re.compile(r"<!--|<!\[CDATA\[|<\?|<([A-Za-z_][\w.:-]{0,60})(?=[\s/>])")


class RootText(NamedTuple):
    """The text of one item element, from its start tag to its end tag or to where the file breaks off."""

    kind: NfoKind
    text: str


class SplitText(NamedTuple):
    """The item elements of a file and everything that stands outside of them."""

    roots: tuple[RootText, ...]
    outside: str


def split_roots(text: str) -> SplitText:
    """Cut a file into its item elements, in time linear in its length.

    The first known root decides: only further elements of its name are items, other elements are skipped whole.
    Raises NfoError too_many_items over 500 items.
    """
    roots: list[RootText] = []
    outside: list[str] = []
    unclosed: set[str] = set()
    position, root_name, strangers = 0, "", 0
    while match := _OPENING.search(text, position):
        outside.append(text[position : match.start()])
        name = (match[1] or "").lower()
        if not name:
            position = _after_section(text, match)
        elif name in _WRAPPERS or name in unclosed:
            position = _after_tag(text, match.end())
        elif name in ROOTS and root_name in ("", name):
            position, _ = _after_element(text, match.start(), name)
            roots.append(RootText(ROOTS[name], text[match.start() : position]))
            root_name = name
            if len(roots) > MAX_ROOTS:
                raise NfoError(NfoErrorCode.TOO_MANY_ITEMS, f"The NFO describes more than {MAX_ROOTS} items.")
        else:
            strangers += 1
            if strangers > _MAX_STRANGERS or len(unclosed) >= _MAX_UNCLOSED:
                position = match.start()
                break
            end, is_closed = _after_element(text, match.start(), name)
            if is_closed:
                position = end
            else:
                unclosed.add(name)
                position = _after_tag(text, match.end())
            outside.append(text[match.start() : position])
    outside.append(text[position:])
    return SplitText(tuple(roots), "\n".join(outside))


def _after_section(text: str, match: re.Match[str]) -> int:
    """Where a comment, CDATA section or processing instruction ends; unclosed, it takes the rest of the file."""
    closing = {"<!--": "-->", "<?": ">"}.get(match[0], "]]>")
    end = text.find(closing, match.end())
    return len(text) if end < 0 else end + len(closing)


def _after_tag(text: str, position: int) -> int:
    end = text.find(">", position)
    return len(text) if end < 0 else end + 1


def _after_element(text: str, start: int, name: str) -> tuple[int, bool]:
    """Where the element that begins at `start` ends, and whether its end tag was there at all."""
    token = re.compile(rf"<!--|<!\[CDATA\[|<\?|<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE)
    depth, position = 0, start
    while match := token.search(text, position):
        if match[1] is None:
            position = _after_section(text, match)
            continue
        position = _after_tag(text, match.end())
        if match[1]:
            depth -= 1
        elif depth and name in _NEVER_NESTED:
            return match.start(), False
        elif text[position - 2 : position] != "/>":
            depth += 1
        if depth <= 0:
            return position, True
    return len(text), False
