"""Plex media servers: their interface and their WebSocket, as the reference sheet has them."""
