"""Tables in and out: import with a preview, export with what could do harm made harmless."""
