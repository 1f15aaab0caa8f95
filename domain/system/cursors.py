"""A place in the event log, and the reasons why a client cannot go on from one."""

import base64
import binascii
import enum
import struct
from dataclasses import dataclass

from domain.kit.errors import Invalid

_SHAPE = struct.Struct(">QQQ")


class ResyncReason(enum.StrEnum):
    """Why a client must read the present state anew."""

    EXPIRED = "expired"
    """What followed the cursor has been pruned."""
    EPOCH = "epoch"
    """The log is another one (a backup was restored)."""
    LAGGED = "lagged"
    """The client reads more slowly than things happen."""


class Resync(Exception):
    """There is no gap-free way on from the cursor that was given."""

    def __init__(self, reason: ResyncReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """Everything up to and including the event (xid, sequence) of an epoch."""

    epoch: int
    xid: int
    sequence: int

    def encode(self) -> str:
        """Opaque text: 32 characters of base64url."""
        return base64.urlsafe_b64encode(_SHAPE.pack(self.epoch, self.xid, self.sequence)).decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """The cursor that `encode` wrote. Raises Invalid for anything else."""
        try:
            values = _SHAPE.unpack(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
        except (ValueError, binascii.Error, struct.error):
            raise Invalid("That is not an event cursor.", path=("after",)) from None
        if max(values) >= 2**63:
            raise Invalid("That is not an event cursor.", path=("after",))
        return cls(*values)
