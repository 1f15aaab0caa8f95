"""Kodi: JSON-RPC over HTTP and WebSocket, with what the real program does beyond its documents."""
