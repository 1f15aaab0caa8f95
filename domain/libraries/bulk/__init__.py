"""Changes of many items at once: found, checked against the viewer's rights, done at once or by a job, undone."""
