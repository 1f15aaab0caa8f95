"""Every field of every filter, asked for something common and for something rare."""

from typing import Any, NamedTuple


class Case(NamedTuple):
    """One filter; `is_rare`: few rows meet it, so few rows may be read to find them."""

    where: dict[str, Any]
    is_rare: bool = False


def items(ids: dict[str, str]) -> list[Case]:
    """Filters of media items. `ids` names rows of the world: genre, rare_genre, person …"""
    rare, common = True, False
    walked = False  # rare, but the engine cannot know: a range, or a value like any other
    return [
        Case({"id": {"in": [ids["item"]]}}, rare),
        Case({"kind": ["MOVIE"]}, common),
        Case({"kind": ["SERIES", "ARTIST"]}, common),
        Case({"library": {"eq": "lib_1"}}, common),
        Case({"parent": {"eq": ids["season"]}}, rare),
        Case({"root": {"eq": ids["series"]}}, rare),
        Case({"isTop": True}, common),
        Case({"title": {"eq": ids["title"]}}, rare),
        Case({"title": {"in": [ids["title"], "nothing"]}}, rare),
        Case({"title": {"startsWith": "moon"}}, common),
        Case({"title": {"contains": "or"}}, common),
        Case({"edition": {"eq": "Director's Cut"}}, rare),
        Case({"edition": {"eq": ""}}, common),
        Case({"year": {"gte": 1990, "lte": 1999}}, common),
        Case({"year": {"in": [2030]}}, walked),
        Case({"releaseDate": {"gte": "2023-12-01"}}, common),
        Case({"releaseDate": {"gte": "2100-01-01"}}, walked),
        Case({"runtime": {"gte": "PT2H"}}, common),
        Case({"runtime": {"lte": "PT61S"}}, common),
        Case({"runtime": {"gte": "PT9H"}}, walked),
        Case({"originalLanguage": {"eq": "eo"}}, walked),
        Case({"originalLanguage": {"in": ["en", "de"]}}, common),
        Case({"minAge": {"gte": 18}}, walked),
        Case({"minAge": {"lte": 12}}, common),
        Case({"certification": {"system": "FSK", "code": {"eq": "12"}}}, common),
        Case({"certification": {"system": "FSK", "code": {"eq": "18"}}}, rare),
        Case({"isKidsFriendly": True}, rare),
        Case({"isKidsFriendly": False}, common),
        Case({"popularity": {"gte": 100.5}}, common),
        Case({"popularity": {"gte": 1e6}}, walked),
        Case({"rating": {"source": "imdb", "value": {"gte": 5.5}}}, common),
        Case({"rating": {"source": "imdb", "value": {"gte": 9.9}}}, rare),
        Case({"rating": {"source": "imdb", "votes": {"gte": 200000}}}, rare),
        Case({"rating": {"source": "nobody"}}, rare),
        Case({"genres": {"anyOf": [ids["genre"]]}}, common),
        Case({"genres": {"anyOf": [ids["rare_genre"]]}}, rare),
        Case({"genres": {"allOf": [ids["genre"], ids["other_genre"]]}}, common),
        Case({"genres": {"noneOf": [ids["genre"]]}}, common),
        Case({"studios": {"anyOf": [ids["studio"]]}}, common),
        Case({"studios": {"anyOf": [ids["rare_studio"]]}}, rare),
        Case({"countries": {"anyOf": [ids["country"]]}}, common),
        Case({"countries": {"anyOf": [ids["rare_country"]]}}, rare),
        Case({"collections": {"anyOf": [ids["collection"]]}}, common),
        Case({"collections": {"noneOf": [ids["collection"]]}}, common),
        Case({"people": {"anyOf": [ids["person"]]}}, common),
        Case({"people": {"noneOf": [ids["person"]]}}, common),
        Case({"credit": {"people": [ids["person"]], "department": ["DIRECTING"], "job": {"eq": "Director"}}}, common),
        Case({"tags": {"anyOf": ["4k", "kids"]}}, common),
        Case({"tags": {"allOf": ["seen"]}}, rare),
        Case({"tags": {"noneOf": ["loved"]}}, common),
        Case({"externalId": {"provider": "tmdb", "value": {"eq": ids["external"]}}}, rare),
        Case({"externalId": {"provider": "tmdb", "namespace": "movie"}}, common),
        Case({"file": {"resolution": ["HD_1080", "UHD_2160"]}}, common),
        Case({"file": {"resolution": ["UHD_4320"]}}, rare),
        Case({"file": {"videoCodec": {"eq": "hevc"}}}, common),
        Case({"file": {"videoCodec": {"eq": "av1"}}}, rare),
        Case({"file": {"isHdr": True, "resolution": ["UHD_2160"]}}, common),
        Case({"file": {"isHdr": False}}, common),
        Case({"file": {"hdrFormat": {"in": ["hlg"]}}}, rare),
        Case({"file": {"audioCodec": {"eq": "opus"}}}, rare),
        Case({"file": {"audioLanguage": {"eq": "eo"}}}, rare),
        Case({"file": {"audioLanguage": {"in": ["deu"]}, "audioChannels": {"gte": 6}}}, common),
        Case({"file": {"audioChannels": {"gte": 8}}}, rare),
        Case({"file": {"subtitleLanguage": {"eq": "eo"}}}, rare),
        Case({"file": {"container": {"eq": "avi"}}}, rare),
        Case({"file": {"sizeBytes": {"gte": 20_000_000_000}}}, rare),
        Case({"file": {"sizeBytes": {"lte": 5_000_000_000}}}, common),
        Case({"subtitles": {"eq": "deu"}}, common),
        Case({"hasSeveralCopies": True}, rare),
        Case({"hasSeveralCopies": False}, common),
        *[Case({"missing": [part]}, common) for part in MISSING],
        Case({"missing": ["POSTER", "PLOT"]}, common),
        Case({"hasLocks": True}, rare),
        Case({"isInReview": True}, rare),
        Case({"isInReview": False}, common),
        Case({"availability": ["MISSING"]}, rare),
        Case({"availability": ["PRESENT"]}, common),
        Case({"identification": ["AMBIGUOUS"]}, rare),
        Case({"identification": ["IDENTIFIED", "UNIDENTIFIED"]}, common),
        Case({"enrichment": ["FAILED", "PARTIAL"]}, rare),
        Case({"enrichment": ["NEVER"]}, common),
        Case({"publication": ["OUTDATED"]}, rare),
        Case({"publication": ["PUBLISHED", "FAILED"]}, common),
        Case({"productionStatus": ["PILOT"]}, rare),
        Case({"productionStatus": ["RELEASED"]}, common),
        Case({"isMonitored": False}, rare),
        Case({"isMonitored": True}, common),
        Case({"createdAt": {"gte": "2026-01-14T00:00:00Z"}}, common),
        Case({"createdAt": {"gte": "2027-01-14T00:00:00Z"}}, walked),
        Case({"updatedAt": {"lte": "2024-12-01T00:00:00Z"}}, common),
    ]


MISSING = (
    "POSTER", "BACKDROP", "LOGO", "TRAILER", "SUBTITLES", "PLOT", "YEAR", "RELEASE_DATE", "RUNTIME", "GENRES", "CREDITS",
    "RATINGS", "CERTIFICATION", "EXTERNAL_ID",
)  # fmt: skip


def people(ids: dict[str, str]) -> list[tuple[str, Case]]:
    """Filters of the other lists, with the list's name."""
    return [
        ("people", Case({"name": {"startsWith": "moon"}})),
        ("people", Case({"birthDate": {"lte": "1910-01-01"}})),
        ("people", Case({"deathDate": {"gte": "1990-01-01"}})),
        ("people", Case({"items": {"anyOf": [ids["item"]]}}, True)),
        ("people", Case({"createdAt": {"gte": "2027-01-01T00:00:00Z"}})),
        ("collections", Case({"items": {"anyOf": [ids["item"]]}})),
        ("collections", Case({"name": {"contains": "a"}})),
        ("mediaFiles", Case({"library": {"eq": "lib_1"}})),
        ("mediaFiles", Case({"item": {"anyOf": [ids["item"]]}}, True)),
        ("mediaFiles", Case({"path": {"startsWith": "/media/1"}})),
        ("mediaFiles", Case({"kind": ["SUBTITLE"]}, True)),
        ("mediaFiles", Case({"sizeBytes": {"gte": 20_000_000_000}})),
        ("mediaFiles", Case({"container": {"eq": "avi"}})),
        ("mediaFiles", Case({"duration": {"lte": "PT1S"}})),
        ("mediaFiles", Case({"discoveredAt": {"gte": "2026-01-14T00:00:00Z"}})),
        ("mediaFiles", Case({"isUnknown": True})),
        ("mediaFiles", Case({"isMissing": True}, True)),
        ("mediaFiles", Case({"hasProbeError": True}, True)),
        ("jobs", Case({"status": ["FAILED"]})),
        ("jobs", Case({"kind": {"in": ["system.backup"]}})),
        ("jobs", Case({"subject": {"eq": "lib_1"}})),
        ("jobs", Case({"priority": {"lte": 2}})),
        ("jobs", Case({"createdAt": {"gte": "2027-01-01T00:00:00Z"}})),
        ("jobs", Case({"finishedAt": {"gte": "2027-01-01T00:00:00Z"}})),
    ]
