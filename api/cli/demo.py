"""`marquee demo`: makes a small library of real files, scans it before your eyes, and serves it."""
