"""What lies beside the media: NFO files and pictures as players look for them, and what they displaced."""
