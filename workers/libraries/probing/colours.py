"""Names of colour codes, and the kind of HDR they and a frame's side data amount to."""

from collections.abc import Collection

from workers.libraries.probing.results import HdrKind

# ITU-T H.273 (2023) tables 2, 3 and 4, with the names of FFmpeg's av_color_*_name; 2 means "unspecified" and has none.
PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020", 10: "smpte428",
    11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
TRANSFERS = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
SPACES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc", 10: "bt2020c",
    11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp",
}  # fmt: skip

UNSPECIFIED = 2
PQ = 16
HLG = 18

# Sample entry names of Dolby Vision (Dolby Vision Streams within ISO BMFF, v2.4, section 3).
DOLBY_VISION_TAGS = frozenset({"dvh1", "dvhe", "dva1", "dvav", "dav1"})


def hdr_kind(transfer: int, codec_tag: str, side_data: Collection[str]) -> HdrKind:
    """Name the HDR kind of a stream from its H.273 transfer code, its codec tag and its first frame's side data names.

    Dynamic metadata wins over static metadata, as a player prefers it: Dolby Vision, HDR10+, HLG, HDR10, plain PQ.
    """
    if codec_tag in DOLBY_VISION_TAGS or "DOVI_METADATA" in side_data or "DOVI_RPU_BUFFER" in side_data:
        return HdrKind.DOLBY_VISION
    if transfer == HLG:
        return HdrKind.HLG
    if transfer != PQ:
        return HdrKind.NONE
    if "DYNAMIC_HDR_PLUS" in side_data:
        return HdrKind.HDR10PLUS
    if "MASTERING_DISPLAY_METADATA" in side_data or "CONTENT_LIGHT_LEVEL" in side_data:
        return HdrKind.HDR10
    return HdrKind.HDR
