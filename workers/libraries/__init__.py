"""Libraries on the worker side: scanning, probing, pictures and the demo media."""
