"""The child elements of one item by lower-case name, and the few ways to read them."""

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from domain.libraries.nfo.values import one_line, paragraphs

Fields = Mapping[str, Sequence[etree._Element]]
_SLASH = re.compile(r"\s/\s")


def children(element: etree._Element) -> Fields:
    """The direct children by local name in lower case: writers disagree on case, only Kodi insists on it."""
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if name := local_name(child):
            found.setdefault(name.lower(), []).append(child)
    return found


def local_name(element: etree._Element) -> str:
    """The element's name as written, without a namespace; '' for what is not an element."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by name, whatever its case; None if empty."""
    for key, value in element.attrib.items():
        if str(key).lower() == name:
            return one_line(str(value))
    return None


def whole_text(element: etree._Element) -> str:
    """All text inside an element: some writers leave markup inside a plot."""
    return "".join(str(part) for part in element.itertext())


def texts(fields: Fields, *names: str) -> Iterator[str]:
    """The non-empty one-line texts of these elements, names first, then document order."""
    for name in names:
        for element in fields.get(name, ()):
            if value := one_line(whole_text(element)):
                yield value


def text(fields: Fields, *names: str) -> str | None:
    """The first non-empty one-line text."""
    return next(texts(fields, *names), None)


def long_text(fields: Fields, *names: str) -> str | None:
    """The first non-empty text, line breaks kept."""
    for name in names:
        for element in fields.get(name, ()):
            if value := paragraphs(whole_text(element)):
                return value
    return None


def listed(fields: Fields, *names: str) -> tuple[str, ...]:
    """Distinct entries of repeated elements, each also split at ` / ` as Kodi does; the first spelling wins."""
    found: dict[str, str] = {}
    for value in texts(fields, *names):
        for part in split(value):
            found.setdefault(part.casefold(), part)
    return tuple(found.values())


def split(value: str) -> Iterator[str]:
    """The parts of a text that Kodi joined with ` / `."""
    for part in _SLASH.split(value):
        if stripped := part.strip(" /"):
            yield stripped
