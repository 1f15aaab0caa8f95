"""Object types of the catalog."""
