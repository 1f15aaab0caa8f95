"""Reads the NFO files of Kodi, Jellyfin, Emby, the *arrs and tinyMediaManager, trusting none of them.

`parse_nfo(data)` is the one door; it is pure and raises nothing but `NfoError`. The namespaces of ids are
tmdb: movie, tv, season, episode, collection, person; imdb: title, person; tvdb, tvmaze and trakt: movie, series, season,
episode, person (a TVDB address may also give a slug); musicbrainz: artist, release, release_group, recording;
audiodb: artist, album; anidb: '' and episode; every other provider has one space, ''.
"""

from domain.libraries.nfo.document import (
    NfoCertification,
    NfoCollection,
    NfoCredit,
    NfoDepartment,
    NfoDocument,
    NfoId,
    NfoItem,
    NfoKind,
    NfoRating,
    NfoSeasonName,
)
from domain.libraries.nfo.errors import NfoError, NfoErrorCode
from domain.libraries.nfo.parsing import parse_nfo

__all__ = [
    "NfoCertification",
    "NfoCollection",
    "NfoCredit",
    "NfoDepartment",
    "NfoDocument",
    "NfoError",
    "NfoErrorCode",
    "NfoId",
    "NfoItem",
    "NfoKind",
    "NfoRating",
    "NfoSeasonName",
    "parse_nfo",
]
