"""Fire weather day by day: the index of each station from its readings at noon."""
