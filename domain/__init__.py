"""What the product knows: synchronous, free of web frameworks and brokers."""
