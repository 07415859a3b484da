"""From readings to alarm episodes: a kernel over columns, its state, and one worker process per shard."""
