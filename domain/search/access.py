"""Row policy of search: a document is as visible as what it names."""

from domain.catalog.access import of_entity
from domain.kit.policy import guard
from domain.search.tables import SearchDocument

guard(SearchDocument, of_entity("entity_id"))
