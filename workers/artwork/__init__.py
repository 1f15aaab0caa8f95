"""Bytes of pictures: looked at in confined children, kept in the cache, made smaller for screens."""
