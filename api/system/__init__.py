"""The server about itself: health, versions, events."""
