"""The demo district: an invented development zone, made from a seed, with everything in it marked as synthetic.

`district.generate(seed)` computes it (no Django, no clock, no files); `load` writes it into the registers,
`simulator` speaks for its devices.
"""
