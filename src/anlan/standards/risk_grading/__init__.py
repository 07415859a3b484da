"""How grave a risk is: methods that score one event, and rules that join events to a point, an enterprise, a region.

levels            the four levels and their colours
scoring           how a method of scores answers: score tables, product or sum, bounds
lec, ls, mes      three methods of scores; danger_degree: AQ/T 3046-2013 annex C
methods           all of them by name: `evaluate("lec", {"L": 3, "E": 6, "C": 15})`
control_levels    who in the enterprise answers for a level
combining         point, unit, enterprise, region; what is major at once
"""
