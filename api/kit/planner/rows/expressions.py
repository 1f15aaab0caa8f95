"""From the plan's tree to Python source over one statement's rows; to-one relations join into that statement."""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa

from api.kit.planner.keyset import order_clauses
from api.kit.planner.kinds import kind_of
from api.kit.planner.rows.members import members
from api.kit.planner.rows.reading import Place, Reading
from api.kit.planner.rows.running import batch
from api.kit.planner.rows.scalars import completed, natural_source, shown_source, to_python
from api.kit.planner.settle import TYPE_KEY
from api.kit.planner.sources import follows_over, of_kind, rows_of
from api.kit.planner.specs import Attribute, column_of
from api.kit.planner.tree import (
    Calculated,
    Connected,
    Hidden,
    Id,
    Inline,
    Joined,
    Listed,
    Object,
    Scalar,
    Selected,
    Typename,
    Value,
    groups,
)
from domain.kit.ids import CODE_OF


def selected_source(reading: Reading, place: Place, selected: Selected) -> str:
    """Source of the object for the row at `place`."""
    if len(selected.objects) == 1 and (selected.entity.kinds or not selected.objects[0].kinds):
        return _object(reading, place, selected.objects[:1], selected.is_abstract)
    discriminator = selected.entity.discriminator
    assert discriminator is not None
    kind = reading.natural(place, discriminator)
    every = frozenset(each for one in selected.objects for each in one.kinds)
    sources: dict[str, list[str]] = {}
    for _, same in groups(selected):
        kinds = [each for one in same for each in one.kinds]
        here = Place(place.rows, selected.entity, place.present, kind, frozenset(kinds), every)
        sources.setdefault(_object(reading, here, same, selected.is_abstract), []).extend(kinds)
    *others, (last, _) = sources.items()
    chain = "".join(f"{source} if {_is_one(kind, kinds)} else " for source, kinds in others)
    return f"({chain}{last})"


def entry_source(reading: Reading, place: Place, selected: Selected) -> str:
    """Source of a row's whole object: JSON where the database writes it."""
    return reading.build.embed(reading, place, selected) or selected_source(reading, place, selected)


def _is_one(variable: str, kinds: list[str]) -> str:
    return f"{variable} == {kinds[0]!r}" if len(kinds) == 1 else f"{variable} in {tuple(kinds)!r}"


def _object(reading: Reading, place: Place, same: Sequence[Object], is_abstract: bool) -> str:
    """Source of objects that differ in nothing but their names."""
    reading.build.assembled += 1
    names = {kind: one.type_name for one in same for kind in one.kinds}
    name = repr(same[0].type_name) if len(same) == 1 else f"{reading.build.names.constant(names)}[{place.discriminator}]"
    parts = [
        f"{key!r}: {name if isinstance(value, Typename) else _value(reading, place, value)}" for key, value in same[0].fields
    ]
    if reading.build.is_typed and is_abstract:
        parts.append(f"{TYPE_KEY!r}: {name}")
    return "{" + ", ".join(parts) + "}"


def _value(reading: Reading, place: Place, value: Value) -> str:
    match value:
        case Hidden():
            return _null(value.is_required)
        case Id():
            return f"f'{CODE_OF[place.entity.table.name]}_{{{reading.key(place)}}}'"  # cheaper here than `||` in SQL
        case Scalar():
            return _scalar(reading, place, value)
        case Calculated():
            return _calculated(reading, place, value)
        case Inline():
            return selected_source(reading, place, value.selected)
        case Joined():
            there = _joined(reading, place, value)
            return f"({selected_source(reading, there, value.selected)} if {there.present} else {_null(value.is_required)})"
        case Listed():
            if value.spec.shape == "first":
                there = _first(reading, place, value)
                return f"({selected_source(reading, there, value.selected)} if {there.present} else {_null(value.is_required)})"
            if (text := reading.build.embed(reading, place, value)) is not None:
                return text
            find, key = reading.children(value, place)
            return f"({find}({key}) or [])"
        case Connected():
            if (text := reading.build.embed(reading, place, value)) is not None:
                return text
            find, key = reading.children(value, place)
            return f"{find}({key})"
    raise AssertionError(value)  # `__typename` is `_object`'s


def _null(is_required: bool) -> str:
    return "null(run)" if is_required else "None"


def _scalar(reading: Reading, place: Place, value: Scalar) -> str:
    name = reading.natural(place, value.attribute)
    key = (name, value)  # the same for every kind of row that shows it
    if key not in reading.shown:
        column = column_of(value.attribute)
        shown = shown_source(name, column.type, value.leaf, value.as_, reading.build.dialect, reading.build.names)
        is_whole = not column.nullable or (shown == name and not value.is_required)
        reading.shown[key] = shown if is_whole else f"({_null(value.is_required)} if {name} is None else {shown})"
    return reading.shown[key]


def _python_source(reading: Reading, place: Place, attribute: Attribute) -> str:
    """Source of an attribute's Python value, as an ORM row would have it."""
    column = column_of(attribute)
    name = reading.natural(place, attribute)
    source = natural_source(name, kind_of(column.type), reading.build.dialect)
    convert = to_python(column.type)
    if convert is not None:
        source = f"{reading.build.names.constant(convert)}({source})"
    return source if source == name or not column.nullable else f"(None if {name} is None else {source})"


def _calculated(reading: Reading, place: Place, value: Calculated) -> str:
    names = [reading.natural(place, each) for each in value.spec.requires]
    call = None if value.arguments is None else id(value.arguments.node)
    key = (value.spec, call, *names)
    row = f"({', '.join(_python_source(reading, place, each) for each in value.spec.requires)},)"
    return reading.batch(key, partial(batch, value.spec, completed(value.type), value.arguments), row, place)


def _joined(reading: Reading, place: Place, value: Joined) -> Place:
    build = reading.build
    key = (place.rows, value.foreign_key, value.target.kinds)
    if key not in reading.joins:
        reached = follows_over(place.entity.table, value.foreign_key, value.target.table)
        there, conditions = rows_of(value.target.table, build.alias(), build.shape, is_reached=reached)
        same = there.c[value.target.key] == place.rows.c[column_of(value.foreign_key).key]
        reading.source = reading.source.outerjoin(there, sa.and_(same, *of_kind(there, value.target), *conditions))
        reading.joins[key] = there
    return _present(reading, Place(reading.joins[key], value.target))


def _first(reading: Reading, place: Place, value: Listed) -> Place:
    build, spec = reading.build, value.spec
    key = (place.rows, id(value))
    if key not in reading.joins:
        found = members(build, spec, value.target, place.entity, value.arguments, value.where)
        ours = place.rows.c[place.entity.key if spec.key is None else column_of(spec.key).key]
        order = order_clauses(value.order, found.scope, build.dialect)
        reading.source, reading.joins[key] = build.dialect.first_joined(
            build.alias(),
            reading.source,
            parent=place.rows,
            table=found.table,
            rows=found.query.where(found.near == ours),
            order=order,
        )
        reading.bound += found.bound
    return _present(reading, Place(reading.joins[key], value.target))


def _present(reading: Reading, place: Place) -> Place:
    return Place(place.rows, place.entity, f"{reading.key(place)} is not None")
