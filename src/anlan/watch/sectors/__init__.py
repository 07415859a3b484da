"""Sectors on the one map: the devices of each sector as a layer of its own, as the packs group them."""
