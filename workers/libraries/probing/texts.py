"""What a stranger's file says in texts and numbers, made fit to store: bounded, printable, UTF-8."""

from collections.abc import Mapping

from av.stream import Stream

MAX_TEXT = 500
MAX_TAGS = 64
_MAX_BIT_RATE = 2**40


def clean_text(text: str | None) -> str | None:
    """Return the text without control characters and at most 500 characters long; None if nothing is left."""
    if not text:
        return None
    kept = "".join(letter if letter.isprintable() else " " for letter in text[: MAX_TEXT * 2])
    return kept.encode("utf-8", "replace").decode("utf-8").strip()[:MAX_TEXT] or None


def clean_tags(*sources: Mapping[str, str]) -> dict[str, str]:
    """Merge metadata, the first source winning, into at most 64 cleaned texts under lower-case names."""
    tags: dict[str, str] = {}
    for source in sources:
        for name, text in source.items():
            key, value = clean_text(name.lower()), clean_text(text)
            if key and value and len(tags) < MAX_TAGS:
                tags.setdefault(key, value)
    return tags


def has_decoder(stream: Stream) -> bool:
    """Say whether FFmpeg can decode the stream; without, `codec_context` is None whatever PyAV's annotations say."""
    context: object = stream.codec_context
    return context is not None


def bit_rate_of(stream: Stream) -> int | None:
    """Return a stream's bits per second: the codec's own figure, else mkvmerge's BPS statistics tag."""
    rate = stream.codec_context.bit_rate or 0
    for name, text in stream.metadata.items():
        if not rate and name.upper().split("-")[0] == "BPS" and text.isascii() and text.isdigit():
            rate = int(text[:20])
    return rate if 0 < rate < _MAX_BIT_RATE else None
