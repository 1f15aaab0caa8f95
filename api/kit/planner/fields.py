"""The declarations: one explicit line per exposed column or relation, which plan and plain resolver both come from."""

import importlib
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar, TypeVarTuple, cast, overload

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from api.kit.planner import slow
from api.kit.planner.conditions import Compared, Condition
from api.kit.planner.orders import orders
from api.kit.planner.paging import MAX_FIRST, USUAL_FIRST
from api.kit.planner.specs import Argument, Call, Children, Column, Computed, Embedded, Identity, Narrowing, Spec, ToOne

T = TypeVar("T")
S = TypeVar("S")
Ts = TypeVarTuple("Ts")

No = Literal[False]


class PlanField(StrawberryField):
    """A Strawberry field that carries its declaration. The planner reads `.spec`; without it, `slow.resolve` answers."""

    spec: Spec

    def __copy__(self) -> "PlanField":
        new = super().__copy__()
        new.spec = self.spec
        return new

    @property
    def is_basic_field(self) -> bool:
        return False  # the plain resolver wants Info

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        return slow.resolve(self.spec, source, info, kwargs)


def _field(spec: Spec, description: str, deprecated: str | None, arguments: Sequence[StrawberryArgument] = ()) -> Any:
    field = PlanField(description=description, deprecation_reason=deprecated)
    field.spec = spec
    field.arguments = list(arguments)
    return field


def _declared(arguments: Sequence[Argument]) -> list[StrawberryArgument]:
    return [
        StrawberryArgument(
            each.name, None, StrawberryAnnotation(each.annotation), description=each.description, default=each.default
        )
        for each in arguments
    ]


def narrowing_in(module: str, name: str, *, where: Any, order_by: Any) -> Narrowing:
    """The `Narrowing` of that name in a module that imports ours; its types are given as `strawberry.lazy`."""

    def there() -> Narrowing:
        found: Narrowing = getattr(importlib.import_module(module), name)
        return found

    def orders(given: Any) -> object:
        known = there().orders
        return () if known is None else known(given)

    return Narrowing(where, lambda given: there().conditions(given), order_by, orders)


def _narrowing(narrowing: Narrowing | None) -> list[StrawberryArgument]:
    given: list[tuple[str, Any, str]] = []
    if narrowing is not None:
        given.append(("where", narrowing.where | None, "Which of them; all that you may see if not given."))
        if narrowing.order_by is not None:
            text = "At most three keys; the usual order if not given. The id breaks ties."
            given.append(("order_by", list[narrowing.order_by] | None, text))  # type: ignore[name-defined]
    return [
        StrawberryArgument(name, None, StrawberryAnnotation(annotation), description=description, default=None)
        for name, annotation, description in given
    ]


def page_arguments(most: int = MAX_FIRST) -> list[StrawberryArgument]:
    """Relay's four arguments, as every connection takes them."""
    given: tuple[tuple[str, Any, str], ...] = (
        (
            "first",
            int | None,
            f"Number of entries from the start or after `after`, at most {most}; usually {USUAL_FIRST}.",
        ),
        ("after", str | None, "Cursor of the entry before the page."),
        ("last", int | None, f"Number of entries from the end (or before `before`), at most {most}; instead of `first`."),
        ("before", str | None, "Cursor of the entry behind the page; with `last`."),
    )
    return [
        StrawberryArgument(name, None, StrawberryAnnotation(annotation), description=description, default=None)
        for name, annotation, description in given
    ]


def argument(
    name: str, annotation: Any, attribute: object = None, operator: Compared = "=", *, description: str, default: Any = None
) -> Argument:
    """An argument of a relation (`attribute operator value`) or, without attribute, of a computed field.

    `annotation` is the Python type with `| None` (or a non-null one together with a default).
    """
    return Argument(name, annotation, description, cast(Any, attribute), operator, default)


@overload
def column(
    attribute: T, /, *, description: str, needs: str | None = ..., deprecated: str | None = ..., init: No = False
) -> T: ...
@overload
def column(
    attribute: T, /, *, as_: Callable[[T], S], description: str, needs: str | None = ..., deprecated: str | None = ...,
    init: No = False,
) -> S: ...  # fmt: skip
@overload
def column(
    attribute: T | None, /, *, as_: Callable[[T], S], description: str, needs: str | None = ..., deprecated: str | None = ...,
    init: No = False,
) -> S | None: ...  # fmt: skip
def column(
    attribute: Any, /, *, as_: Any = None, description: str, needs: str | None = None, deprecated: str | None = None,
    init: No = False,
) -> Any:  # fmt: skip
    """`title: str = column(t.MediaItem.title, description="…")`: mypy compares the column's type with the field's.

    `as_` names the API's type where it is not the column's: a scalar's NewType, `float` for scores, or a function of one
    value. `needs` is the scope without which the column is not even read (the field must be nullable).
    """
    return _field(Column(attribute, as_, needs), description, deprecated)


def global_id(*, description: str = "Opaque global ID.", init: No = False) -> strawberry.ID:
    """`id: strawberry.ID = global_id()`: the code of the entity's table and its key."""
    return cast(strawberry.ID, _field(Identity(), description, None))


def one(
    foreign_key: object, /, *, description: str, needs: str | None = None, deprecated: str | None = None, init: No = False
) -> Any:
    """The row that our `foreign_key` names; null where there is none or the viewer may not see it."""
    return _field(ToOne(cast(Any, foreign_key), needs), description, deprecated)


def _children(
    shape: Literal["list", "first", "connection"],
    foreign_key: object,
    via: tuple[object, object] | None,
    *,
    key: object,
    where: Sequence[Condition],
    order_by: object,
    limit: int | None,
    arguments: Sequence[Argument],
    needs: str | None,
    visible_with_parent: bool,
    narrowing: Narrowing | None = None,
) -> Children:
    if (foreign_key is None) == (via is None):
        raise TypeError("Name a foreign key, or the two columns of a link table with via=.")
    near, far = via if via is not None else (foreign_key, None)
    return Children(
        shape, cast(Any, near), cast(Any, far), cast(Any, key), tuple(where), orders(order_by), limit, tuple(arguments), needs,
        visible_with_parent, narrowing,
    )  # fmt: skip


def many(
    foreign_key: object = None, /, *, via: tuple[object, object] | None = None, key: object = None,
    where: Sequence[Condition] = (), order_by: object, limit: int | None = None, arguments: Sequence[Argument] = (),
    description: str, needs: str | None = None, visible_with_parent: bool = False, deprecated: str | None = None,
    narrowing: Narrowing | None = None, init: No = False,
) -> Any:  # fmt: skip
    """A plain list: the rows whose `foreign_key` names ours, or those behind a link table (`via=(near, far)`).

    `limit` keeps the first rows of each parent. `key` is the column of ours that `foreign_key` equals, when it is not the
    primary key (`many(t.MediaItem.media_group_id, key=t.MediaItem.media_group_id, …)`: the versions of a work).
    """
    spec = _children("list", foreign_key, via, key=key, where=where, order_by=order_by, limit=limit, arguments=arguments,
                     needs=needs, visible_with_parent=visible_with_parent, narrowing=narrowing)  # fmt: skip
    return _field(spec, description, deprecated, [*_declared(arguments), *_narrowing(narrowing)])


def first_of(
    foreign_key: object = None, /, *, via: tuple[object, object] | None = None, key: object = None,
    where: Sequence[Condition] = (), order_by: object, arguments: Sequence[Argument] = (),
    description: str, needs: str | None = None, visible_with_parent: bool = False, deprecated: str | None = None,
    init: No = False,
) -> Any:  # fmt: skip
    """The first of such rows, or null: `poster: Image | None = first_of(t.Asset.entity_id, where=…, order_by=t.Asset.rank)`."""
    spec = _children("first", foreign_key, via, key=key, where=where, order_by=order_by, limit=1, arguments=arguments,
                     needs=needs, visible_with_parent=visible_with_parent)  # fmt: skip
    return _field(spec, description, deprecated, _declared(arguments))


def connection(
    foreign_key: object = None, /, *, via: tuple[object, object] | None = None, key: object = None,
    where: Sequence[Condition] = (), order_by: object, max_first: int = MAX_FIRST, arguments: Sequence[Argument] = (),
    description: str, needs: str | None = None, visible_with_parent: bool = False, deprecated: str | None = None,
    narrowing: Narrowing | None = None, init: No = False,
) -> Any:  # fmt: skip
    """Such rows page by page: `credits: Connection[Credit] = connection(t.Credit.item_id, order_by=t.Credit.position, …)`."""
    spec = _children("connection", foreign_key, via, key=key, where=where, order_by=order_by, limit=max_first,
                     arguments=arguments, needs=needs, visible_with_parent=visible_with_parent, narrowing=narrowing)  # fmt: skip
    return _field(spec, description, deprecated, [*page_arguments(max_first), *_declared(arguments), *_narrowing(narrowing)])


def computed(
    function: Callable[[Sequence[tuple[*Ts]]], Sequence[T]], /, *, requires: tuple[*Ts], description: str,
    needs: str | None = None, deprecated: str | None = None, init: No = False,
) -> T:  # fmt: skip
    """`label: str = computed(labels, requires=(t.MediaItem.title, t.MediaItem.year), …)`: checked end to end by mypy.

    `function` gets one tuple of Python values per row, for many rows at once, and returns as many values in that order.
    An Exception among them is an error of that row's field only; make such a field nullable, or it takes its list along.
    """
    return cast(T, _field(Computed(function, cast(Any, requires), (), False, needs), description, deprecated))


def computed_with(
    function: Callable[[Sequence[tuple[*Ts]], Call], Sequence[T]], /, *, requires: tuple[*Ts], description: str,
    arguments: Sequence[Argument] = (), needs: str | None = None, deprecated: str | None = None, init: No = False,
) -> T:  # fmt: skip
    """Like `computed`, for functions that also want the viewer or the field's arguments (`Call`)."""
    spec = Computed(function, cast(Any, requires), tuple(arguments), True, needs)
    return cast(T, _field(spec, description, deprecated, _declared(arguments)))


def embedded(*, description: str, init: No = False) -> Any:
    """`state: ItemState = embedded(…)`: columns of the same row, grouped in an object type made with `@part`."""
    return _field(Embedded(), description, None)
