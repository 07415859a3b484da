"""Where: the tree of administrative divisions from province to grid, its boundaries, and the datums of maps."""
