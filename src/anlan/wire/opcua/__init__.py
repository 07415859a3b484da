"""OPC UA: which nodes a device's keys are, and how sure their values."""
