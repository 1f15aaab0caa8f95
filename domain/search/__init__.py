"""Finding things by what people remember of their names."""
