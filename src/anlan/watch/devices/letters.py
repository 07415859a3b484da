"""Messages that could not be read: kept as they came, and given to the gateway once more."""
