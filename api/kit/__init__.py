"""Building blocks of the API that know no feature."""
