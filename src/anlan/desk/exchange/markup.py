"""Tables of a page: what many systems write when they say .xls. Pure.

Cells come as text, spread over the columns and rows they span; a table within a cell is a part of its text. Nothing of
the page is fetched, run or kept beside.
"""

from html.parser import HTMLParser

WIDEST = 60  # columns or rows one cell may span
STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")


class TooLarge(ValueError):
    """More rows than are taken."""


def is_markup(data: bytes) -> bool:
    """Whether it begins as a page and has a table."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(STARTS) and b"<table" in data.lower()


def tables(text: str, most_rows: int, most_columns: int) -> list[list[list[str]]]:
    """The tables in their order, as rows of texts. Errors: TooLarge."""
    reader = _Reader(most_rows, most_columns)
    reader.feed(text)
    reader.close()
    return [rows for rows in reader.tables if rows]


class _Reader(HTMLParser):
    def __init__(self, most_rows: int, most_columns: int):
        super().__init__(convert_charrefs=True)
        self.most_rows, self.most_columns = most_rows, most_columns
        self.tables: list[list[list[str]]] = []
        self.depth = self.hidden = 0
        self.rows: list[dict[int, str]] = []  # of the table being read: column -> text
        self.below: dict[int, dict[int, str]] = {}  # what cells of earlier rows put into later ones
        self.words: list[str] | None = None  # of the cell being read
        self.span = (1, 1)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.hidden += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.rows, self.below = [], {}
        elif self.depth == 1 and tag == "tr":
            self._begin_row()
        elif self.depth == 1 and tag in ("td", "th") and self.rows:
            self._end_cell()
            given = dict(attrs)
            self.words, self.span = [], (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        elif tag == "table" and self.depth:
            self.depth -= 1
            if not self.depth:
                self._end_table()
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data):
        if self.words is not None and not self.hidden:
            self.words.append(data)

    def close(self):
        super().close()
        if self.depth:  # a page cut off in the middle
            self._end_table()

    def _begin_row(self):
        self._end_cell()
        if len(self.rows) + sum(map(len, self.tables)) >= self.most_rows:
            raise TooLarge
        self.rows.append(self.below.pop(len(self.rows), {}))

    def _end_cell(self):
        if self.words is None:
            return
        text, (wide, high), self.words = " ".join("".join(self.words).split()), self.span, None
        number, row = len(self.rows) - 1, self.rows[-1]
        first = next(n for n in range(len(row) + 1) if n not in row)
        for column in range(first, min(first + wide, self.most_columns)):
            row.setdefault(column, text)
            for lower in range(number + 1, number + high):
                self.below.setdefault(lower, {})[column] = text

    def _end_table(self):
        self._end_cell()
        width = max((max(row) + 1 for row in self.rows if row), default=0)
        self.tables.append([[row.get(n, "") for n in range(width)] for row in self.rows])


def _span(text: str | None) -> int:
    return min(max(int(text), 1), WIDEST) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 1
