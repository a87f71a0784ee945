"""Statements that are put into words once.

The ORM makes the words of a statement anew each time it is asked, which takes ten times as long as sending them. Issuing one certificate
takes some fifty statements, so those are asked here: by equal columns alone, with the words kept for each form. The models remain what
rows are made of: columns, conversions and defaults are theirs. Whatever asks for more is a query of the ORM, or stands written out where
it is needed. No signals are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
# A condition: the name of the field, and whether it is asked to be empty.
_Asked = tuple[str, bool]


def first(model: type[M], *, only: tuple[str, ...] = (), **where: Any) -> M | None:
    """The row of the model whose fields have these values; None when there is none. With ``only`` the other fields are deferred."""
    found = ask(_select(model, only, _asked(where)), _given(model, where))
    return None if found is None else row_of(model, found, only=only)


def exists(model: type[Model], **where: Any) -> bool:
    """Whether the model has a row whose fields have these values."""
    return bool(ask(_exists(model, _asked(where)), _given(model, where)))


def change(model: type[Model], *, where: Mapping[str, Any], to: Mapping[str, Any]) -> int:
    """Change the rows whose fields have the values of ``where``, in one conditional update; answers how many it hit."""
    saved = [_field(model, name).get_db_prep_save(_plain(value), connection) for name, value in to.items()]
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(to), _asked(where)), [*saved, *_given(model, where)])
        return int(cursor.rowcount)


def add(row: Model) -> None:
    """Write a new row of its model; the object has the key of it afterwards."""
    fields, words = _insert(type(row), row.pk is not None)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def ask(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row that a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cast("tuple[Any, ...] | None", cursor.fetchone())


def ask_all(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


@lru_cache(maxsize=256)
def columns_of(model: type[Model], alias: str = "", only: tuple[str, ...] = ()) -> str:
    """The columns of a model for a statement that is written out; what it answers becomes an object by `row_of`."""
    prefix = f"{alias}." if alias else ""
    return ", ".join(f"{prefix}{_column(field)}" for field in _read(model, only))


def row_of(model: type[M], values: Sequence[Any], *, only: tuple[str, ...] = ()) -> M:
    """The object that a row of `columns_of` tells."""
    return model.from_db(DEFAULT_DB_ALIAS, _names(model, only), values)


@lru_cache(maxsize=256)
def _read(model: type[Model], only: tuple[str, ...]) -> tuple[Field[Any, Any], ...]:
    wanted = {_field(model, name) for name in only}
    fields = tuple(field for field in model._meta.concrete_fields if not only or field.primary_key or field in wanted)
    if any(field.get_db_converters(connection) for field in fields):
        raise TypeError(f"{model.__name__} holds a field that the ORM converts; ask the ORM for it.")
    return fields


@lru_cache(maxsize=256)
def _names(model: type[Model], only: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.attname for field in _read(model, only))


@lru_cache(maxsize=256)
def _select(model: type[Model], only: tuple[str, ...], asked: tuple[_Asked, ...]) -> str:
    return f"SELECT {columns_of(model, only=only)} FROM {_table(model)} WHERE {_condition(model, asked)} LIMIT 1"  # noqa: S608 - names of the models


@lru_cache(maxsize=256)
def _exists(model: type[Model], asked: tuple[_Asked, ...]) -> str:
    return f"SELECT 1 FROM {_table(model)} WHERE {_condition(model, asked)} LIMIT 1"  # noqa: S608 - names of the models


@lru_cache(maxsize=256)
def _update(model: type[Model], names: tuple[str, ...], asked: tuple[_Asked, ...]) -> str:
    to = ", ".join(f"{_column(_field(model, name))} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {to} WHERE {_condition(model, asked)}"  # noqa: S608 - names of the models


@lru_cache(maxsize=256)
def _insert(model: type[Model], has_key: bool) -> tuple[tuple[Field[Any, Any], ...], str]:
    fields = tuple(field for field in model._meta.concrete_fields if has_key or not field.primary_key)
    names = ", ".join(_column(field) for field in fields)
    key = _column(model._meta.pk)
    marks = ", ".join(["%s"] * len(fields))
    return fields, f"INSERT INTO {_table(model)} ({names}) VALUES ({marks}) RETURNING {key}"  # noqa: S608 - names of the models


def _condition(model: type[Model], asked: Iterable[_Asked]) -> str:
    return " AND ".join(
        f"{_column(_field(model, name))} {'IS NULL' if is_empty else '= %s'}" for name, is_empty in asked
    )


def _asked(where: Mapping[str, Any]) -> tuple[_Asked, ...]:
    if not where:
        raise ValueError("A statement needs a condition.")
    return tuple((name, value is None) for name, value in where.items())


def _given(model: type[Model], where: Mapping[str, Any]) -> list[Any]:
    return [
        _field(model, name).get_db_prep_value(_plain(value), connection)
        for name, value in where.items()
        if value is not None
    ]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


@lru_cache(maxsize=1024)
def _field(model: type[Model], name: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _column(field: Field[Any, Any]) -> str:
    return _quoted(str(field.column))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
