"""What a webhook of a downloader means for us."""

from enum import StrEnum


class Effect(StrEnum):
    """What follows from a webhook."""

    SCAN = "scan"
    """Its folders are read, and what is in them goes all the way to the players."""
    TELL = "tell"
    """A fact for people: an event, and nothing else."""
    NOTHING = "nothing"
    """It is kept."""
