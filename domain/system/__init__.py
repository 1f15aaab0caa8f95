"""What the server needs for itself: events, audit, settings, idempotency."""
