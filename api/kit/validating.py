"""Validation that ends early: few mistakes are told, and what was meant is guessed only where there are hardly any.

graphql-core collects 100 errors, prints into each the whole input it is about, and guesses: 700 misspelt input fields in
8 kB took 0.75 s of the event loop. It compares fields of one name by pairs: 150 times the same field took 0.6 s.
"""

from collections.abc import Iterator
from typing import Final

from graphql import GraphQLError, validate
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.kit.together import together

MOST: Final = 5
"""Errors, then validation ends: each may print the whole input it is about."""
GUESSED: Final = 3
"""Errors up to which names are guessed: some 8 ms each."""
GUESSED_IN: Final = 4096
"""Characters of a document in which they are: it is validated once more for that."""
OVERLAPS: Final = 10_000
"""What graphql-core may spend on comparing fields, 2 a pair (its own default of 500,000 lasts half a second; 8 ms are left).
Twenty-five fragments side by side, each with the same six fields, stay below."""
_GAVE_UP: Final = "Validation aborted."
overlapping.MAX_COMPLEXITY_BUDGET = OVERLAPS


class Validation(SchemaExtension):
    """In place of Strawberry's own, behind whatever may have refused or known the document."""

    def on_validate(self) -> Iterator[None]:
        operation = self.execution_context
        if operation.pre_execution_errors is None and operation.graphql_document is not None:
            errors = self._errors(hide_suggestions=True)
            is_short = len(operation.query or "") <= GUESSED_IN
            if 0 < len(errors) <= GUESSED and is_short and operation.context.identity is not None:
                errors = self._errors(hide_suggestions=False)
            operation.pre_execution_errors = errors
        yield

    def _errors(self, *, hide_suggestions: bool) -> list[GraphQLError]:
        operation = self.execution_context
        assert operation.graphql_document is not None
        rules = (*operation.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule)
        schema = operation.schema._schema
        one = [together(rules)]
        errors = validate(schema, operation.graphql_document, one, max_errors=MOST, hide_suggestions=hide_suggestions)
        return [_too_much() if each.message == _GAVE_UP else each for each in errors]


def _too_much() -> GraphQLError:
    """The refusal that says why graphql-core gave up."""
    message = "The selections of this document overlap too often to be compared: name each field of an object once."
    return GraphQLError(message, extensions={"code": "LIMIT_EXCEEDED", "limit": "overlaps", "allowed": OVERLAPS})
