"""Compares what we wrote and keep with what lies on the disks, lists what is not right, and repairs it."""
