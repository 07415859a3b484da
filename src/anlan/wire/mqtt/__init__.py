"""MQTT 3.1.1 (OASIS, 2014) and 5.0 (OASIS, 2019), the server's side: packets from bytes and answers to bytes."""
