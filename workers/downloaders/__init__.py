"""Jobs of downloaders."""
