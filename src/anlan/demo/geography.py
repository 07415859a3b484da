"""The invented district as one value: land, parcels, division, roads, land use, buildings, named places."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely

from anlan.demo.buildings import Buildings, addresses, buildings
from anlan.demo.cells import Cells, cells
from anlan.demo.divisions import Divisions, divisions
from anlan.demo.landuse import Landuse, landuse
from anlan.demo.poi import Poi, pois
from anlan.demo.roads import Network, network
from anlan.demo.streets import streets
from anlan.demo.terrain import Terrain, terrain

SEED = 3


@dataclass(frozen=True)
class Geography:
    seed: int
    land: Terrain
    cells: Cells
    parts: Divisions
    net: Network
    use: Landuse
    made: Buildings
    address: np.ndarray  # of every building, without town and village
    pois: tuple[Poi, ...]

    def village_of(self, cell) -> np.ndarray:
        """Index among the villages and communities of a cell, or of many."""
        return self.parts.village_of_cell[cell]

    def cell_at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The nearest cell of places in the plane."""
        return self._tree.nearest(shapely.points(np.asarray(x), np.asarray(y)))

    def grid_codes(self, cell) -> np.ndarray:
        return self._grid_code[self.parts.grid_of_cell[cell]]

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.points(self.cells.centre))

    @cached_property
    def _grid_code(self) -> np.ndarray:
        return np.array([grid.code for grid in self.parts.of("grid")])


def geography(seed: int = SEED) -> Geography:
    """About 1.5 s of computing; the same seed gives the same district on every machine."""
    land = terrain(seed)
    parcels = cells(seed, land)
    land = _without_town_ponds(land, parcels)
    parts = divisions(seed, parcels)
    net = network(seed, land, parcels, parts, streets(seed, land, parcels))
    strips = shapely.union_all(
        [shapely.buffer(shapely.LineString(line), 32) for line in (net.railway, *net.expressways)]
    )
    use = landuse(seed, land, parcels, strips)
    made = buildings(seed, land, parcels, net, use)
    address = addresses(made, net.roads, [hamlet.name for hamlet in net.hamlets])
    return Geography(
        seed, land, parcels, parts, net, use, made, address, pois(seed, land, parcels, parts, net, use, made)
    )


def _without_town_ponds(land: Terrain, parcels: Cells) -> Terrain:
    """Ponds that a street block covers were filled in."""
    town = shapely.coverage_union_all(parcels.shape[parcels.core >= 0])
    shapely.prepare(town)
    kept = tuple(water for water in land.waters if water.kind != "pond" or not shapely.intersects(town, water.shape))
    return replace(land, waters=kept)
