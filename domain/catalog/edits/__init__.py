"""What people write into items, many at once: planned without writing, written in few statements, remembered to be undone."""
