"""The whole demo district from a seed: geography, public hand, enterprises, facilities, devices."""

from dataclasses import dataclass

from anlan.demo.devices import Device, devices
from anlan.demo.enterprises import Enterprise, enterprises
from anlan.demo.enterprises import staff as enterprise_staff
from anlan.demo.facilities import Facility, facilities
from anlan.demo.geography import SEED, Geography, geography
from anlan.demo.organisations import PublicHand, Staff, public_hand
from anlan.demo.rescue import rescue
from anlan.demo.sectors import sector_facilities


@dataclass(frozen=True)
class District:
    place: Geography
    hand: PublicHand
    enterprises: tuple[Enterprise, ...]
    enterprise_staff: tuple[Staff, ...]
    facilities: tuple[Facility, ...]
    devices: tuple[Device, ...]


def generate(seed: int = SEED) -> District:
    """Pure: the same seed gives the same district. About 3 s of computing and 250 MB at most."""
    place = geography(seed)
    hand = public_hand(place)
    found = enterprises(place)
    built = facilities(place, hand, found) + rescue(place, hand) + sector_facilities(place, hand, found)
    return District(place, hand, found, enterprise_staff(place, found), built, devices(place, hand, found, built))
