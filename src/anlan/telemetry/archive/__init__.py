"""The history of readings: from the stream into DuckLake, and back out for charts."""
