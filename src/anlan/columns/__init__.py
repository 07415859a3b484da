"""Pages of values as arrays: one descriptor, then one array per column. Pure; no clock, no network."""
