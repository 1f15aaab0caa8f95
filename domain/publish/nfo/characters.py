"""Texts as an XML element can hold them and readers of NFO files give them back."""

import re
from typing import Final

from domain.libraries.nfo.values import one_line, paragraphs

# The same as our reader takes out: what XML 1.0 forbids or discourages.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_JOINED: Final = re.compile(r"\s+/\s+")


def line(text: str | None) -> str | None:
    """A text of one line; None if nothing is left."""
    return one_line(_NOT_XML.sub("", text)) if text else None


def long(text: str | None) -> str | None:
    """A text with its line breaks; None if nothing is left."""
    return paragraphs(_NOT_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")) if text else None


def entry(text: str | None) -> str | None:
    """A name in a list. Kodi splits at ` / `, so that a name which holds it is written without its blanks."""
    said = line(text)
    return (_JOINED.sub("/", said).strip(" /") or None) if said else None
