"""Writes what a scan understood: short transactions that can be repeated without another effect."""
