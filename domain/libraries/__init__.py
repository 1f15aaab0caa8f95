"""Libraries of a household: their roots, their files and the names of those files."""
