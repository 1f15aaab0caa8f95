"""Writes NFO files that Kodi, Jellyfin and our own reader understand alike.

`write_nfo(roots)` is the one door; it is pure, and equal items make equal bytes. An item is the reader's own
`NfoItem`; `sayable(item)` is that item as an NFO can say it, and what `parse_nfo` reads back.
Never written: addresses of trailers and pictures, and what anybody watched, played or thought of it.
"""

from domain.publish.nfo.sayable import sayable
from domain.publish.nfo.streams import Sound, Streams, Words
from domain.publish.nfo.writing import Root, write_nfo

__all__ = ["Root", "Sound", "Streams", "Words", "sayable", "write_nfo"]
