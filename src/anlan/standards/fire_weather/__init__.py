"""Fire weather: how easily a forest burns on a day."""
