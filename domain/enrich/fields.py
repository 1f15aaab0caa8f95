"""The fields of which providers speak, as orders of providers name them."""

from typing import Final

from domain.catalog.fields import FIELDS, READ_ONLY, FieldForm
from domain.catalog.provider_order import EVERY_FIELD
from domain.kit.errors import Invalid
from domain.kit.spelling import camel

PICTURES: Final = "artwork."
"""What the names of the fields of pictures begin with."""
_PEOPLES: Final = frozenset({"sort_title", "sort_name", "edition", "outline", "is_kids_friendly", "cast_order", "description"})
"""Editable fields of which no provider says anything."""
_LISTED: Final = {
    name for fields in FIELDS.values() for name, form in fields.items() if form is not FieldForm.TRAILER and name not in _PEOPLES
}
_NOT_EDITED: Final = {"networks", "keywords", "ratings", "external_ids", "release_dates", "recommendations", "translations"}
ORDERED: Final = tuple(sorted((_LISTED - {"tags"}) | READ_ONLY | _NOT_EDITED))
"""Every field that can have an order of its own; `artwork.<type>` for a type of pictures."""
_SPELLINGS: Final = {spelled: name for name in (EVERY_FIELD, *ORDERED) for spelled in (name, camel(name))}


def ordered_field(text: str) -> str:
    """The field that a request names, in either spelling; `*` = all. Raises Invalid."""
    name = _SPELLINGS.get(text)
    if name is None:
        known = ", ".join(camel(each) for each in ORDERED)
        raise Invalid(f"Providers are not ordered by {text[:40]!r}. There are * (all fields), {known}.", path=("field",))
    return name
