"""Finds out what changed on disk since the last scan, reading as little as possible and writing nothing."""
