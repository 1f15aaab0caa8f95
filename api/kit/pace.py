"""How long open connections may take over things, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The same for WebSockets and event streams; tests shorten it."""

    init_s: float = 10.0
    """Until `connection_init` must have come."""
    recheck_s: float = 60.0
    """Between two looks at whether the token or session is still good."""
    send_s: float = 15.0
    """Until a client that does not read is cut off."""
    heartbeat_s: float = 12.0
    """Between two signs of life on a silent event stream."""
