"""Hidden dangers: which are major by the criteria of each sector, and the clocks of their treatment.

major     353 criteria of 30 lists, with their clauses; candidates for a described danger
clocks    reporting, treatment, listing, statistics; the "two 15-day" timers as a setting
"""
