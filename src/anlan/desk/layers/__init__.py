"""What a capability shows on the one map: places with H3 cells, shapes to ask with, and the declaration of a layer."""
