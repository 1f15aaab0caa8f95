"""The face of the server: GraphQL and a few plain routes, asynchronous and thin."""
