"""Law and national standards as pure functions over effective-dated tables."""
