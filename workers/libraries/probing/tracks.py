"""Audio and subtitle streams: what PyAV says about one, with the roles that titles give away."""

import re

from av.audio.stream import AudioStream
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream

from workers.libraries.probing.languages import normalise_language
from workers.libraries.probing.results import AudioStreamFacts, SubtitleStreamFacts
from workers.libraries.probing.texts import bit_rate_of, clean_text, has_decoder

# Many rippers set no disposition and only write the role into the title.
_COMMENTARY = re.compile(r"\bcomment(ary|aries|aire)|\bkommentar", re.IGNORECASE)
_FORCED = re.compile(r"\bforced\b|\bforcé|\berzwungen", re.IGNORECASE)
_HEARING_IMPAIRED = re.compile(r"\bSDH\b|\bCC\b|\bhearing[ -]impaired\b|\bhard of hearing\b|\bclosed captions?\b", re.IGNORECASE)
_VISUAL_IMPAIRED = re.compile(r"\baudio descri|\bdescriptive\b|\bvisual(ly)?[ -]impaired\b", re.IGNORECASE)


def read_audio_stream(stream: AudioStream) -> AudioStreamFacts:
    """Describe one audio stream."""
    if not has_decoder(stream):
        return AudioStreamFacts(stream.index, "unknown", language=normalise_language(stream.language))
    context = stream.codec_context
    title = clean_text(stream.metadata.get("title"))
    return AudioStreamFacts(
        index=stream.index,
        codec=context.codec.canonical_name,
        profile=clean_text(context.profile),
        channels=context.channels,
        channel_layout=clean_text(context.layout.name) if context.channels else None,
        sample_rate=context.sample_rate or None,
        bit_rate=bit_rate_of(stream),
        language=normalise_language(stream.language),
        title=title,
        is_default=_has(stream, Disposition.default),
        is_forced=_has(stream, Disposition.forced),
        is_commentary=_has(stream, Disposition.comment) or _says(_COMMENTARY, title),
        is_hearing_impaired=_has(stream, Disposition.hearing_impaired) or _says(_HEARING_IMPAIRED, title),
        is_visual_impaired=_has(stream, Disposition.visual_impaired) or _says(_VISUAL_IMPAIRED, title),
        is_original=_has(stream, Disposition.original),
        is_dub=_has(stream, Disposition.dub),
    )


def read_subtitle_stream(stream: SubtitleStream) -> SubtitleStreamFacts:
    """Describe one embedded subtitle stream."""
    if not has_decoder(stream):
        return SubtitleStreamFacts(stream.index, "unknown", language=normalise_language(stream.language))
    title = clean_text(stream.metadata.get("title"))
    return SubtitleStreamFacts(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        language=normalise_language(stream.language),
        title=title,
        is_default=_has(stream, Disposition.default),
        is_forced=_has(stream, Disposition.forced) or _says(_FORCED, title),
        is_commentary=_has(stream, Disposition.comment) or _says(_COMMENTARY, title),
        is_hearing_impaired=_has(stream, Disposition.hearing_impaired) or _says(_HEARING_IMPAIRED, title),
    )


def _has(stream: Stream, role: Disposition) -> bool:
    return bool(stream.disposition & role)


def _says(role: re.Pattern[str], title: str | None) -> bool:
    return title is not None and role.search(title) is not None
