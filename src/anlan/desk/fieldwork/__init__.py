"""Work away from the desk: what a person carries on the phone, and what he sends when there is a network again."""
