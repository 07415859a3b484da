"""A row with a place, and the question "what lies within" as one query on SQLite and PostgreSQL alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers import cells
from anlan.desk.layers.shapes import Shape


class Placed(models.Model):
    """Mixin of every row with a point on the map: WGS 84 degrees, and the finest H3 cell that is kept with them."""

    lon = models.FloatField(
        _("经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(
        _("纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    cell = models.BigIntegerField(null=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args, **options):
        self.cell = cells.cell(self.lon, self.lat)
        fields = options.get("update_fields")
        if fields is not None and {"lon", "lat"} & set(fields):
            options["update_fields"] = {*fields, "cell"}
        super().save(*args, **options)


def with_cells(rows: Iterable[Placed]) -> list[Placed]:
    """Rows for bulk_create or bulk_update, which do not call save(): each gets its cell. Returns them as a list."""
    rows = list(rows)
    for row in rows:
        row.cell = cells.cell(row.lon, row.lat)
    return rows


def within(queryset: QuerySet, shape: Shape, cell: str = "cell") -> QuerySet:
    """Rows in the cells that cover the shape: all that lie inside, and a few just outside. `inside` removes those."""
    condition = Q()
    for first, last in cells.cover(shape.outline):
        condition |= Q(**{f"{cell}__range": (first, last)})
    # A query of its own for the cells: SQLite would else choose the index of the region, and read every row of it.
    cells_hit = queryset.model._base_manager.using(queryset.db).filter(condition).order_by()
    return queryset.filter(pk__in=cells_hit.values("pk"))


@dataclass(frozen=True)
class Inside:
    """What lies inside a shape, nearest first: the asked fields of each row, and metres from the shape's centre."""

    rows: list[tuple]
    metres: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def inside(
    queryset: QuerySet, shape: Shape, fields: Sequence[str], place: tuple[str, str, str] = ("lon", "lat", "cell")
) -> Inside:
    """Exactly what lies inside, in one query; `place` names the columns of longitude, latitude and cell."""
    lon, lat, cell = place
    rows = list(within(queryset, shape, cell).order_by().values_list(lon, lat, *fields))
    if not rows:
        return Inside([], np.empty(0))
    place_of = np.array([row[:2] for row in rows], dtype=float)
    hit, metres = shape.measure(place_of[:, 0], place_of[:, 1])
    chosen = np.flatnonzero(hit)
    chosen = chosen[np.argsort(metres[chosen], kind="stable")]
    return Inside([rows[index][2:] for index in chosen], metres[chosen])
