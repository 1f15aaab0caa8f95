"""The page at `/`: signing in, and GraphiQL without any other server's help."""
