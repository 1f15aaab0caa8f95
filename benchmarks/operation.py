"""The operation that is measured: 50 films with genres, five credits with people, and the poster."""

from typing import Any, Final

FILMS: Final = 50
STATEMENTS: Final = 1
"""What a planned read costs: genres and credits are columns of JSON in the films' statement."""

TEXT: Final = """
query Wall($year: Int!) {
  movies(where: {year: {gte: $year}}, orderBy: [{field: YEAR}], first: 50) {
    nodes {
      id
      title
      year
      runtimeMs
      genres { id name }
      credits(first: 5) { nodes { role position person { id name } } }
      poster { id url }
    }
    pageInfo { hasNextPage }
  }
}
"""

VARIABLES: Final[list[dict[str, Any]]] = [{"year": year} for year in range(1955, 2019)]
"""64 sets, so that no answer can be the one before."""
