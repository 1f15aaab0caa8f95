"""Jobs of the catalog."""
