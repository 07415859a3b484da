"""GB/T 26875.3-2011: a fire monitoring unit (user transmission unit) and its centre, frames from bytes and to bytes."""
