"""Where devices are heard: MQTT and HTTP in, columnar batches out to the stream, acknowledged when they are safe
there."""
