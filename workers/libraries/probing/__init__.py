"""Probing: what lies inside a media file, read by PyAV in child processes that may hang, crash or be killed."""
