"""Typed records of what is governed: declared by packs, checked by their schema, with history, validity and gaps."""
