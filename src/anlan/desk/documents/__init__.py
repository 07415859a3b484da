"""Files given as evidence: kept once by their digest, named, and never served to whom they do not concern."""
