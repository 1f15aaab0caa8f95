"""Jobs of the server's own upkeep."""
