"""Jellyfin servers: its REST interface and its WebSocket, as the reference sheet has them."""
