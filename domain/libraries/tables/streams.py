"""What is inside a file: video, audio, subtitles, and marks along its time."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, reference
from domain.kit.types import Json, choice
from domain.libraries.enums import MarkerKind, MarkerSource


class VideoStream(Table, table=True):
    """A video stream. `bitrate` in bits a second; the frame rate is a fraction."""

    __tablename__ = "video_streams"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "stream_index"),
        sa.Index("ix_video_streams_codec", "codec", "file_id"),
        sa.Index("ix_video_streams_width", "width", "file_id"),
        sa.Index("ix_video_streams_height", "height", "file_id"),
        sa.Index("ix_video_streams_hdr_format", "hdr_format", "file_id"),
        sa.CheckConstraint("stream_index >= 0", name="stream_index"),
        sa.CheckConstraint("(frame_rate_numerator IS NULL) = (frame_rate_denominator IS NULL)", name="frame_rate"),
    )

    file_id: int = reference("media_files.id", on_delete="CASCADE", index=False)
    stream_index: int = Field(nullable=False)
    codec: str | None = None
    profile: str | None = None
    codec_level: str | None = None
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    frame_rate_numerator: int | None = None
    frame_rate_denominator: int | None = None
    bitrate: int | None = Field(default=None, sa_type=sa.BigInteger)
    bit_depth: int | None = None
    pixel_format: str | None = None
    field_order: str | None = None
    color_space: str | None = None
    color_transfer: str | None = None
    color_primaries: str | None = None
    hdr_format: str | None = None
    language: str | None = None
    title: str | None = None
    is_default: bool = Field(default=False, nullable=False)


class AudioStream(Table, table=True):
    """An audio stream. `bitrate` in bits, `sample_rate` in samples a second."""

    __tablename__ = "audio_streams"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "stream_index"),
        sa.Index("ix_audio_streams_codec", "codec", "file_id"),
        sa.Index("ix_audio_streams_language", "language", "file_id"),
        sa.Index("ix_audio_streams_channels", "channels", "file_id"),
        sa.CheckConstraint("stream_index >= 0", name="stream_index"),
    )

    file_id: int = reference("media_files.id", on_delete="CASCADE", index=False)
    stream_index: int = Field(nullable=False)
    codec: str | None = None
    profile: str | None = None
    channels: int | None = None
    channel_layout: str | None = None
    sample_rate: int | None = None
    bitrate: int | None = Field(default=None, sa_type=sa.BigInteger)
    language: str | None = None
    title: str | None = None
    is_default: bool = Field(default=False, nullable=False)
    is_forced: bool = Field(default=False, nullable=False)
    is_commentary: bool = Field(default=False, nullable=False)
    is_hearing_impaired: bool = Field(default=False, nullable=False)
    is_visual_impaired: bool = Field(default=False, nullable=False)
    is_original: bool = Field(default=False, nullable=False)
    is_dub: bool = Field(default=False, nullable=False)


class SubtitleStream(Table, table=True):
    """A subtitle stream. An external one is stream 0 of its own subtitle file; `asset_id` is its cached copy."""

    __tablename__ = "subtitle_streams"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "stream_index"),
        sa.Index("ix_subtitle_streams_language", "language", "file_id"),
        sa.CheckConstraint("stream_index >= 0", name="stream_index"),
    )

    file_id: int = reference("media_files.id", on_delete="CASCADE", index=False)
    stream_index: int = Field(nullable=False)
    codec: str | None = None
    language: str = Field(default="und", nullable=False)
    title: str | None = None
    is_default: bool = Field(default=False, nullable=False)
    is_forced: bool = Field(default=False, nullable=False)
    is_hearing_impaired: bool = Field(default=False, nullable=False)
    is_commentary: bool = Field(default=False, nullable=False)
    is_external: bool = Field(default=False, nullable=False)
    asset_id: int | None = reference("assets.id", on_delete="SET NULL", nullable=True)


class Marker(Table, table=True):
    """A point or stretch of a file's time, in milliseconds; `confidence` (0 to 1) where it was detected."""

    __tablename__ = "markers"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "kind", "start_ms", "source"),
        sa.CheckConstraint("start_ms >= 0 AND coalesce(end_ms, start_ms + 1) > start_ms", name="stretch"),
        sa.CheckConstraint("coalesce(confidence, 0) >= 0 AND coalesce(confidence, 0) <= 1", name="confidence"),
    )

    file_id: int = reference("media_files.id", on_delete="CASCADE", index=False)
    kind: MarkerKind = Field(sa_type=choice(MarkerKind), nullable=False)
    start_ms: int = Field(sa_type=sa.BigInteger, nullable=False)
    end_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    label: str | None = None
    source: MarkerSource = Field(sa_type=choice(MarkerSource), nullable=False)
    confidence: float | None = Field(default=None, sa_type=sa.Double)
    payload: dict[str, Any] | None = Field(default=None, sa_type=Json)
