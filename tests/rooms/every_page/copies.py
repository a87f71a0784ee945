"""The rows of the world once more, as often as wanted: what hangs together is copied together, and whoever looks on stays who they are."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from graphlib import TopologicalSorter
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import DatabaseError, models, transaction

Row = models.Model
Copied = dict[tuple[type[Row], Any], Row]


def _parents(model: type[Row]) -> set[type[Row]]:
    keys = (field.related_model for field in model._meta.concrete_fields if field.is_relation)
    return {key for key in keys if isinstance(key, type) and key is not model}


def _told_apart_by(model: type[Row]) -> set[str]:
    """The fields that must differ from row to row."""
    names = {field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names.update(constraint.fields)
    return names


def _other(field: models.Field[Any, Any], value: Any, turn: int) -> Any:
    """Another value of the same shape; a choice and a day stay what they are."""
    if isinstance(field, models.UUIDField):
        return uuid4()
    if value in (None, "") or field.choices:
        return value
    if isinstance(field, models.IntegerField):
        return value + 1_000 * turn
    if isinstance(field, models.CharField):
        mark = f"~{turn}"
        return f"{value[: (field.max_length or 1_000) - len(mark)]}{mark}"
    return value


def _copy_of(row: Row, turn: int, copied: Copied) -> Row:
    model, values = type(row), {}
    differ = _told_apart_by(model)
    for field in model._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key:
            if isinstance(field, models.UUIDField):
                values[field.attname] = uuid4()
        elif field.is_relation:
            mapped = copied.get((field.related_model, value))  # type: ignore[arg-type]
            values[field.attname] = value if mapped is None else mapped.pk
        elif field.name in differ or isinstance(field, models.UUIDField):
            values[field.attname] = _other(field, value, turn)
        else:
            values[field.attname] = value
    return model(**values)


class Originals:
    """The rows as they stood at the beginning, so that no copy is copied."""

    def __init__(self, *, but: frozenset[str]) -> None:
        ours = [
            model for model in apps.get_models() if model.__module__.startswith("udgam.") and model.__name__ not in but
        ]
        order = TopologicalSorter({model: _parents(model) & set(ours) for model in ours}).static_order()
        self.rows = {model: list(model._base_manager.order_by("pk")) for model in order}
        self.turn = 0

    def copy(self, *, stay: frozenset[str]) -> Counter[str]:
        """Copy every row but those of the kinds that stay; answers how many copies of each kind the database took."""
        self.turn += 1
        copied: Copied = {}
        taken: Counter[str] = Counter()
        for model, rows in self.rows.items():
            if model.__name__ in stay:
                continue
            for row in rows:
                with suppress(DatabaseError), transaction.atomic():
                    (copied[model, row.pk],) = model._base_manager.bulk_create([_copy_of(row, self.turn, copied)])
                    taken[model.__name__] += 1
        return taken
