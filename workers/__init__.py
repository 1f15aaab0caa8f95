"""Processes that do jobs and touch media: the broker, the actors and everything that opens a stranger's file."""
