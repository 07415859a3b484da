"""Questions that every request asks: put into SQL once, for the putting is most of what a row costs."""

from functools import cached_property
from typing import Any

from django.db import models


class Prepared:
    """Rows of a model by the value of one field: `Prepared(Post, "user")(7)`."""

    def __init__(self, model: type[models.Model], field: str):
        self.model, self.field = model, field

    @cached_property
    def statement(self) -> str:
        any_value = self.model._meta.get_field(self.field).get_default() or 0
        return self.model._base_manager.filter(**{self.field: any_value}).query.sql_with_params()[0]

    def __call__(self, value: Any) -> list[models.Model]:
        return list(self.model._base_manager.raw(self.statement, [value]))
