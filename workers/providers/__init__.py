"""Jobs that ask providers."""
