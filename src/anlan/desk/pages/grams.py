"""An index of the characters in the words of a table: which rows hold 接地 anywhere, without reading all of them.

    class Case(Governed):
        grams = Grams("title", begins="number")    # what lists of this model look for words in; never null

The words of a row are cut into pieces of three characters, each beginning one further (接地不良: 接地不, 地不良,
不良 and a blank, 良 and two): a word of three characters or more is found by its own pieces, a shorter one as the
beginning of a piece. The index answers rows that may hold the words; who asks compares them as without it, so that
it never changes what is found.

The database keeps the index by itself, whoever writes: triggers and a full-text table without content on SQLite, an
index over an expression on PostgreSQL. `build` makes what is missing, after every migration: SQLite drops the triggers
of a table that Django makes anew. Decision 0176.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.apps import apps
from django.db import connections, transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

LENGTH = 3
# SQLite: so many rows are fetched one by one and put in order; where more hold a word, the list in its own order meets
# the rows of a page sooner. Counting, which needs no order, gains from the index for longer.
FEW, FEW_COUNTED = 5_000, 30_000
TRIED = 6  # questions, until one has few answers
LAST = "\U0010ffff"


class Grams:
    """Columns in which words are looked for anywhere, and the one that begins with them."""

    def __init__(self, *anywhere: str, begins: str):
        self.anywhere, self.begins = anywhere, begins
        self.tests = {f"{column}__icontains" for column in anywhere} | {f"{begins}__startswith"}


def build(using: str) -> None:
    """Makes the index of every table that declares one and has none, or another than declared, from its rows."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        if isinstance(getattr(model, "grams", None), Grams) and model._meta.db_table in there:
            BUILDERS[connection.vendor](connection, model)


def candidates(queryset: QuerySet, tests: Iterable[str], words: Sequence[str], few: int = FEW) -> Q:
    """What all rows pass that hold each of these words by one of the tests. Others pass it too; all rows do where the
    index does not help."""
    declared = getattr(queryset.model, "grams", None)
    if not words or not isinstance(declared, Grams) or not set(tests) <= declared.tests:
        return Q()
    return FINDERS[connections[queryset.db].vendor](queryset, words, few)


# --- SQLite -------------------------------------------------------------------------------------------------------


def _build_sqlite(connection, model: type[Model]) -> None:
    table, key, begins = model._meta.db_table, model._meta.pk.column, model.grams.begins
    triggers = dict(_triggers(table, key, model.grams.anywhere))
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        if triggers.items() <= dict(cursor.fetchall()).items():
            return
        for name in triggers:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        cursor.execute(f'DROP TABLE IF EXISTS "{table}_grams_terms"')
        cursor.execute(f'DROP TABLE IF EXISTS "{table}_grams"')
        # A comparison of SQLite knows the case of ASCII letters alone, as lower() does: so the tokens keep theirs.
        cursor.execute(
            f"CREATE VIRTUAL TABLE \"{table}_grams\" USING fts5(words, content='', detail=none, columnsize=0,"
            " tokenize='trigram case_sensitive 1')"
        )
        cursor.execute(f'CREATE VIRTUAL TABLE "{table}_grams_terms" USING fts5vocab("{table}_grams", instance)')
        words = _words(model.grams.anywhere)
        cursor.execute(f'INSERT INTO "{table}_grams" (rowid, words) SELECT "{key}", {words} FROM "{table}"')
        for sql in triggers.values():
            cursor.execute(sql)
        cursor.execute(f'CREATE INDEX IF NOT EXISTS "{table}_grams_{begins}" ON "{table}" ("{begins}" COLLATE NOCASE)')


def _words(columns: Iterable[str], row: str = "") -> str:
    """The last pieces are padded, so that every character begins one."""
    joined = " || ' ' || ".join(f'{row}"{column}"' for column in columns)
    return f"lower({joined} || '  ')"


def _triggers(table: str, key: str, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name and text of the triggers. A full-text table without content is told what to forget."""
    add = f'INSERT INTO "{table}_grams" (rowid, words) VALUES (new."{key}", {_words(columns, "new.")});'
    forget = (
        f'INSERT INTO "{table}_grams" ("{table}_grams", rowid, words)'
        f" VALUES ('delete', old.\"{key}\", {_words(columns, 'old.')});"
    )
    written = [key, *columns]
    changed = " OR ".join(f'old."{column}" IS NOT new."{column}"' for column in written)
    of = ", ".join(f'"{column}"' for column in written)
    for event, when, steps in (
        ("INSERT", "", add),
        ("DELETE", "", forget),
        (f"UPDATE OF {of}", f" WHEN {changed}", f"{forget} {add}"),
    ):
        name = f"{table}_grams_{event.split()[0].lower()}"
        yield name, f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}"{when} BEGIN {steps} END'


def _find_sqlite(queryset: QuerySet, words: Sequence[str], few: int) -> Q:
    """The rows of the first question that has few answers."""
    with connections[queryset.db].cursor() as cursor:
        for tried, (sql, said) in enumerate(_questions(cursor, queryset.model, words), 1):
            cursor.execute(f"SELECT COUNT(*) FROM ({sql} LIMIT {few + 1})", said)
            if cursor.fetchone()[0] <= few:
                return Q(pk__in=RawSQL(sql, said))
            if tried == TRIED:
                break
    return Q()


def _questions(cursor, model: type[Model], words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What stands in the words alone, the long ones in one question; then what also begins a number."""
    table, begun = model._meta.db_table, {}
    for word in words:
        sql, said = _beginning(model, word)
        cursor.execute(f"SELECT EXISTS ({sql})", said)
        if cursor.fetchone()[0]:
            begun[word] = sql, said
    if long := [word for word in words if word not in begun and len(word) >= LENGTH]:
        yield _held(table, *long)
    for word, (sql, said) in begun.items():
        held, also = _held(table, word)
        yield f"{held} UNION ALL {sql}", [*also, *said]
    for word in words:
        if word not in begun and len(word) < LENGTH:
            yield _held(table, word)


def _beginning(model: type[Model], word: str) -> tuple[str, list[str]]:
    table, key, number = model._meta.db_table, model._meta.pk.column, f'"{model.grams.begins}" COLLATE NOCASE'
    return f'SELECT "{key}" FROM "{table}" WHERE {number} >= %s AND {number} <= %s', [word, word + LAST]


def _held(table: str, *words: str) -> tuple[str, list[str]]:
    """Several long words, or a single one, which may be short."""
    if len(words[0]) < LENGTH:
        terms = f'SELECT doc FROM "{table}_grams_terms" WHERE term >= lower(%s) AND term <= lower(%s)'
        return terms, [words[0], words[0] + LAST * (LENGTH - len(words[0]))]
    pieces = dict.fromkeys(word[at : at + LENGTH] for word in words for at in range(len(word) - LENGTH + 1))
    quoted = " ".join('"{}"'.format(piece.replace('"', '""')) for piece in pieces)
    return f'SELECT rowid FROM "{table}_grams" WHERE "{table}_grams" MATCH lower(%s)', [quoted]


# --- PostgreSQL ---------------------------------------------------------------------------------------------------

# A comparison that ignores case compares capitals here, and capitals are what is cut into pieces.
FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION anlan_grams(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_to_tsvector(array(
            SELECT substr(padded, start, 3) FROM (SELECT upper(words) || '  ') AS cut (padded),
                   generate_series(1, length(padded) - 2) AS start))
    $$""",
    r"""CREATE OR REPLACE FUNCTION anlan_grams_of(word text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT string_agg('''' || replace(replace(substr(upper(word), start, 3), '\', '\\'), '''', '''''') || ''''
                          || CASE WHEN length(upper(word)) < 3 THEN ':*' ELSE '' END, ' & ')::tsquery
          FROM generate_series(1, greatest(length(upper(word)) - 2, 1)) AS start
    $$""",
)


def _build_postgresql(connection, model: type[Model]) -> None:
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for sql in FUNCTIONS:
            cursor.execute(sql)
        table, index, pieces = model._meta.db_table, _index(model), _cut(model.grams.anywhere)
        cursor.execute(f'CREATE INDEX IF NOT EXISTS "{index}" ON "{table}" USING gin ({pieces})')


def _index(model: type[Model]) -> str:
    return f"{model._meta.db_table}_grams_{'_'.join(model.grams.anywhere)}"


def _cut(columns: Iterable[str]) -> str:
    words = " || ' ' || ".join(_quoted(columns))
    return f"anlan_grams({words})"


def _find_postgresql(queryset: QuerySet, words: Sequence[str], few: int) -> Q:
    """The rows that may hold the rarest word, by the statistics of the index. To ask the index itself how many it has
    would read all that it has; and the planner takes each piece of a word for a chance of its own."""
    model, connection = queryset.model, connections[queryset.db]
    with connection.cursor() as cursor:
        rows, shares = _shares(cursor, model)
        for word in sorted(words, key=lambda word: _share(shares, word))[:TRIED]:
            begun, said = _beginning_postgresql(connection, model, word)
            cursor.execute(f"SELECT COUNT(*) FROM ({begun} LIMIT {few + 1}) AS begun", said)
            if rows * _share(shares, word) + cursor.fetchone()[0] <= few:
                held = f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}" WHERE '
                held += f"{_cut(model.grams.anywhere)} @@ anlan_grams_of(%s)"
                # An array is made once; the planner would ask the index anew for each row of the page.
                return Q(pk__in=RawSQL(f"SELECT unnest(ARRAY({held} UNION ALL {begun}))", [word, *said]))
    return Q()


def _beginning_postgresql(connection, model: type[Model], word: str) -> tuple[str, list[str]]:
    table, key, number = _quoted([model._meta.db_table, model._meta.pk.column, model.grams.begins])
    return f"SELECT {key} FROM {table} WHERE {number} LIKE %s", [f"{connection.ops.prep_for_like_query(word)}%"]


def _shares(cursor, model: type[Model]) -> tuple[float, dict[str, float]]:
    """How many rows there are, and in what share of them each of the most frequent pieces stands. A piece that is not
    among them is rare; so is every piece of a table that was never analysed."""
    cursor.execute(
        "SELECT greatest(reltuples, 0), most_common_elems::text::text[], most_common_elem_freqs FROM pg_class"
        " LEFT JOIN pg_stats ON schemaname = current_schema() AND tablename = %s WHERE oid = to_regclass(%s)",
        [_index(model), f'"{model._meta.db_table}"'],
    )
    rows, pieces, shares = cursor.fetchone()
    return rows, dict(zip(pieces or (), shares or (), strict=False))


def _share(shares: dict[str, float], word: str) -> float:
    """At most, in what share of the rows the word stands."""
    capitals = word.upper()
    if len(capitals) < LENGTH:
        return min(1.0, sum(share for piece, share in shares.items() if piece.startswith(capitals)))
    return min(shares.get(capitals[at : at + LENGTH], 0.0) for at in range(len(capitals) - LENGTH + 1))


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


BUILDERS = {"sqlite": _build_sqlite, "postgresql": _build_postgresql}
FINDERS = {"sqlite": _find_sqlite, "postgresql": _find_postgresql}
