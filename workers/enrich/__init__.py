"""The job of enrichment."""
