"""Filters of what hangs on an item: credits, scores, ids, certificates, tags, files and their streams."""

from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry

from api.kit.enums import expose
from api.kit.filtering import (
    BigIntFilter,
    FloatFilter,
    IntFilter,
    Rule,
    WordFilter,
    compiled,
    keys,
    members,
    number,
    refuse,
    some,
    within,
    words,
)
from api.kit.planner import And, Compare, Condition, Exists, IsIn, IsNull, Not, Or, Refers, Written
from domain.catalog import tables as t
from domain.catalog.enums import Department
from domain.libraries.enums import FileRole
from domain.libraries.tables import AudioStream, ItemFile, MediaFile, SubtitleStream, VideoStream

NOT_REMOVED = Written(Compare(t.Credit.is_removed, "=", False))


@strawberry.input(description="A part that one of these people had in an item. Fields side by side are met by the same part.")
class CreditFilter:
    people: list[strawberry.ID] = strawberry.field(description="Ids of people, at most 100.")
    department: list[Department] | None = strawberry.field(default=None, description="One of these trades.")
    job: WordFilter | None = strawberry.field(default=None, description="The job within it: Director, Screenplay …")


@strawberry.input(description="The score that a source gives.")
class RatingFilter:
    source: str = strawberry.field(description="The source: tmdb, imdb, tvdb, metacritic …")
    value: FloatFilter | None = strawberry.field(default=None, description="The score, 0 to 10.")
    votes: BigIntFilter | None = strawberry.field(default=None, description="How many people voted.")


@strawberry.input(description="What a catalogue calls it.")
class ExternalIdFilter:
    provider: str = strawberry.field(description="The catalogue: tmdb, imdb, tvdb, musicbrainz …")
    namespace: str | None = strawberry.field(default=None, description="The id space within it: movie, tv …; any if not given.")
    value: WordFilter | None = strawberry.field(default=None, description="The id there; any if not given.")


@strawberry.input(description="An age certificate that it carries.")
class CertificationFilter:
    system: str = strawberry.field(description="The board: MPAA, FSK, BBFC …")
    code: WordFilter | None = strawberry.field(default=None, description="The certificate: PG-13, 12 …; any if not given.")


@strawberry.input(description="Tags of one namespace, to the letter. Several conditions are all to be met.")
class TagFilter:
    namespace: str = strawberry.field(default="user", description="The set of tags: user, tmdb …")
    any_of: list[str] | None = strawberry.field(default=None, description="Has at least one of these, at most 100.")
    all_of: list[str] | None = strawberry.field(default=None, description="Has every one of these; each counts as a condition.")
    none_of: list[str] | None = strawberry.field(default=None, description="Has none of these, at most 100.")


class VideoResolution(Enum):
    """How fine a picture is, by the larger claim of its width and height in pixels."""

    SD = (0, 0)
    HD_720 = (1200, 700)
    HD_1080 = (1800, 1000)
    UHD_2160 = (3200, 1800)
    UHD_4320 = (6400, 3600)


expose(
    VideoResolution,
    "How fine a picture is: by width or by height, whichever claims more (a wide film has fewer lines).",
    {
        "SD": "Below 720p.",
        "HD_720": "720p: from 1200 pixels wide or 700 high.",
        "HD_1080": "1080p: from 1800 pixels wide or 1000 high.",
        "UHD_2160": "4K: from 3200 pixels wide or 1800 high.",
        "UHD_4320": "8K: from 6400 pixels wide or 3600 high.",
    },
)


@strawberry.input(description="A file that is (a part of) the work itself. Fields side by side are met by the same file.")
class ItemFileFilter:
    resolution: list[VideoResolution] | None = strawberry.field(default=None, description="One of these resolutions.")
    video_codec: WordFilter | None = strawberry.field(default=None, description="FFmpeg's word: h264, hevc, av1 …")
    is_hdr: bool | None = strawberry.field(default=None, description="High dynamic range of any sort, or none.")
    hdr_format: WordFilter | None = strawberry.field(default=None, description="hdr10, hdr10plus, dolby_vision, hlg or hdr.")
    audio_codec: WordFilter | None = strawberry.field(default=None, description="FFmpeg's word: aac, truehd …")
    audio_language: WordFilter | None = strawberry.field(default=None, description="Language of an audio stream, as stored.")
    audio_channels: IntFilter | None = strawberry.field(default=None, description="Channels of an audio stream; 6 = 5.1.")
    subtitle_language: WordFilter | None = strawberry.field(default=None, description="Language of subtitles within the file.")
    container: WordFilter | None = strawberry.field(default=None, description="Container in FFmpeg's words.")
    size_bytes: BigIntFilter | None = strawberry.field(default=None, description="Size in bytes.")


def credit(given: CreditFilter) -> list[Condition]:
    """A credit that is not removed."""
    own: list[Condition] = [IsIn(t.Credit.person_id, keys("people", given.people))]
    own += compiled(given, {"department": members(t.Credit.department), "job": words(t.Credit.job)}, is_inner=True)
    return [Exists(t.Credit.item_id, [*own, NOT_REMOVED], is_few=True)]


def _score(value: float) -> Decimal:
    if not 0 <= value <= 10:
        raise refuse(f"A score lies between 0 and 10; this one is {value:g}.")
    return Decimal(str(value))


def rating(given: RatingFilter) -> list[Condition]:
    """A score of this source."""
    rules: dict[str, Rule] = {"value": number(t.ItemRating.value, as_=_score), "votes": number(t.ItemRating.votes)}
    own = [Compare(t.ItemRating.source, "=", given.source), *compiled(given, rules, is_inner=True)]
    return [Exists(t.ItemRating.item_id, own, is_few=True)]


def external_id(given: ExternalIdFilter) -> list[Condition]:
    """An id in this catalogue."""
    own: list[Condition] = [Compare(t.ExternalId.provider, "=", given.provider)]
    if given.namespace is not None:
        own.append(Compare(t.ExternalId.namespace, "=", given.namespace))
    own += compiled(given, {"value": words(t.ExternalId.external_id)}, is_inner=True)
    return [Exists(t.ExternalId.entity_id, own, is_few=True, visible_with_owner=True)]


def certification(given: CertificationFilter) -> list[Condition]:
    """A certificate of this board."""
    own: list[Condition] = [Compare(t.ItemCertification.system, "=", given.system)]
    own += compiled(given, {"code": words(t.ItemCertification.code)}, is_inner=True)
    return [Exists(t.ItemCertification.item_id, own, is_few=True)]


def tags(given: TagFilter) -> list[Condition]:
    """Tags of one namespace."""

    def has(wanted: list[str], *, is_few: bool) -> Exists:
        return Exists(t.Tag.item_id, [Compare(t.Tag.namespace, "=", given.namespace), IsIn(t.Tag.key, wanted)], is_few=is_few)

    found: list[Condition] = []
    if given.any_of is not None:
        found.append(has(within(given.any_of), is_few=True))
    if given.all_of is not None:
        found += [has([each], is_few=True) for each in within(given.all_of)]
    if given.none_of is not None:
        found.append(Not(has(within(given.none_of), is_few=False)))
    return found


_SIZES = [each.value for each in VideoResolution] + [(100_000, 100_000)]


def _resolution(given: VideoResolution) -> Condition:
    """Wide enough and not too high, or high enough and not too wide: two ranges, each with its index."""
    place = list(VideoResolution).index(given)
    (width, height), (too_wide, too_high) = _SIZES[place : place + 2]
    wide, high = Compare(VideoStream.width, ">=", width), Compare(VideoStream.height, ">=", height)
    below: list[Condition] = [Compare(VideoStream.width, "<", too_wide), Compare(VideoStream.height, "<", too_high)]
    return Or([Written(And([wide, *below])), Written(And([high, *below]))])


def _resolutions(given: list[VideoResolution]) -> list[Condition]:
    return [Exists(VideoStream.file_id, [Or([_resolution(each) for each in dict.fromkeys(given)])], is_few=True)]


def _stream(file_id: object, rule: Rule) -> Rule:
    """A stream of the file."""
    return lambda given: [Exists(file_id, rule(given), is_few=True)]


_HDR = Exists(VideoStream.file_id, [IsNull(VideoStream.hdr_format, is_null=False)])


def _is_hdr(given: bool) -> list[Condition]:
    # a file without pictures is neither
    seen = Exists(VideoStream.file_id)
    return [Exists(_HDR.foreign_key, _HDR.where, is_few=True)] if given else [seen, *some(_HDR)(False)]


_FILE: dict[str, Rule] = {
    "resolution": _resolutions,
    "video_codec": _stream(VideoStream.file_id, words(VideoStream.codec)),
    "is_hdr": _is_hdr,
    "hdr_format": _stream(VideoStream.file_id, words(VideoStream.hdr_format)),
    "audio_codec": _stream(AudioStream.file_id, words(AudioStream.codec)),
    "audio_language": _stream(AudioStream.file_id, words(AudioStream.language)),
    "audio_channels": _stream(AudioStream.file_id, number(AudioStream.channels)),
    "subtitle_language": _stream(SubtitleStream.file_id, words(SubtitleStream.language)),
    "container": words(MediaFile.container),
    "size_bytes": number(MediaFile.size_bytes),
}


def file(given: ItemFileFilter) -> list[Condition]:
    """A main file."""
    inner = compiled(given, _FILE, is_inner=True)
    return [_with_file((FileRole.MAIN,), inner)]


def subtitles(given: WordFilter) -> list[Condition]:
    """Subtitles in these languages, within a main file or beside it."""
    stream = Exists(SubtitleStream.file_id, words(SubtitleStream.language)(given), is_few=True)
    return [_with_file((FileRole.MAIN, FileRole.SUBTITLE), [stream])]


def _with_file(roles: tuple[FileRole, ...], where: list[Any]) -> Condition:
    role = Written(IsIn(ItemFile.role, roles))
    return Exists(ItemFile.item_id, [role, Refers(ItemFile.file_id, where, is_few=True)], is_few=True)
