"""Names that cameras, telephones and recorders give to videos: numbers and moments, no titles."""

import re
from typing import Final

_DAY: Final = r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])"
_MOMENT: Final = rf"{_DAY}[-_ T]*(?:at[ ])?\d{{1,2}}[-_.:h]?\d{{2}}(?:[-_.:m]?\d{{2,6}})?s?"
_CAMERA: Final = re.compile(
    rf"""
    (?: (?:IMG|VID|MVI|DSC[NF]?|DJI|PXL|CIMG|HPIM|PICT|MAH)[-_ ]*(?:{_MOMENT}|{_DAY}|\d{{3,6}})
      | (?:MOV|SAM|REC|WP|CLIP|VIDEO)[-_](?:{_MOMENT}|{_DAY}|0\d{{2,5}})
      | (?:WhatsApp[ ]Video|Screen[ _]?Recording|Screenrecorder)[-_ ]*(?:{_MOMENT}|{_DAY})
      | G[HX]\d{{6}} | GOPR\d{{4}} | P\d{{7}} | {_MOMENT} )
    (?:[-_ .(~]*(?:\d{{1,6}}|WA\d+|HDR|TS|LS|edited|copy|HEVC|MP)\)?)* [.…]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Words that are also titles (`[REC] (2007)`) count only with an underscore or hyphen, and not with a year."""


def is_cameras(stem: str) -> bool:
    """Whether a file's name without its extension is one that a device made up."""
    return _CAMERA.fullmatch(stem.strip()) is not None
