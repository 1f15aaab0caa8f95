"""Confined child processes: strangers' bytes are read where they may hang, crash or eat memory without harm."""
