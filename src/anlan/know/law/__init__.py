"""The library of law and standards: what is in force, what of it is here, and each document as a calculator."""
