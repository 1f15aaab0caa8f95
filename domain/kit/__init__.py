"""Building blocks that know no feature."""
