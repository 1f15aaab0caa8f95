"""Identification: which work of the catalogues an item is, how sure that is, and what a person decides about it."""
