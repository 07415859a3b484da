"""One chain of everything that was done: each entry is sealed with the one before it."""
