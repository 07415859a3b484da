"""One file per link between capabilities. A flow decides nothing: it calls a verb, and can run twice."""
