"""The door of the NFO reader: bytes of a stranger's file in, a document or an `NfoError` out."""

from typing import NamedTuple

from lxml import etree

from domain.libraries.nfo.addresses import ids_in_text
from domain.libraries.nfo.decoding import decode_nfo, mend_markup
from domain.libraries.nfo.document import NfoDocument, NfoItem
from domain.libraries.nfo.errors import NfoError, NfoErrorCode
from domain.libraries.nfo.item import read_item
from domain.libraries.nfo.splitting import RootText, split_roots


class _Parsed(NamedTuple):
    item: NfoItem
    is_damaged: bool


def parse_nfo(data: bytes) -> NfoDocument:
    """Read an NFO: full XML, a bare address, XML followed by one, or several items one after another.

    Text, not the encoding header, decides the encoding; broken XML is read as far as it makes sense. Broken XML without
    any item that can be read still gives the ids found in its text.

    Raises NfoError (and nothing else): too_large (over 2 MiB), empty, forbidden_declaration (DOCTYPE, ENTITY),
    too_many_items (over 500), malformed (an item element nothing can be read from), no_metadata (no item and no address).
    """
    text = decode_nfo(data)
    roots, outside = split_roots(mend_markup(text))
    parsed = [found for root in roots if (found := _parse(root))]
    url_ids = ids_in_text(outside if parsed else text)
    if not parsed and not url_ids:
        if roots:
            raise NfoError(NfoErrorCode.MALFORMED, f"The <{roots[0].kind}> of the NFO holds nothing that can be read.")
        raise NfoError(NfoErrorCode.NO_METADATA, "The NFO holds neither a known root element nor an address of a catalogue.")
    is_damaged = len(parsed) < len(roots) or any(found.is_damaged for found in parsed)
    return NfoDocument(tuple(found.item for found in parsed), url_ids, is_damaged)


def _parse(root: RootText) -> _Parsed | None:
    """One item; None if its element is empty or beyond repair."""
    # A fresh parser per element: its error log tells only of this one.
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        element = etree.fromstring(root.text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    # lxml gives None when recovery keeps nothing, which its type stubs do not know.
    if not isinstance(element, etree._Element) or not len(element):
        return None
    return _Parsed(read_item(element, root.kind), len(parser.error_log) > 0)
