"""Backup and restore: one file that holds what cannot be made again, and how it comes back.

    contents.py   what belongs to a backup and what is left out, as tables; the manifest
    rows.py       rows of the database as lines of JSON, the same for SQLite and PostgreSQL
    take.py       `anlan backup FILE`
    restore.py    `anlan restore FILE`

The file is a plain tar: `tables/<app>.<model>.jsonl.gz`, `home/…` and, last, `manifest.json` with the size and SHA-256
of every other member. Because rows are kept as rows, a backup taken on SQLite restores into PostgreSQL and the other
way round, and one taken by an older version is brought to this one by its migrations (docs/decisions/0006).
"""
