"""Special work: the eight kinds of GB 30871-2022, and limited spaces of industry and trade (Order 13).

gb30871          kinds, levels and when they rise, validity, who approves, measures of the forms
gas_tests        what is measured, its limits, how long a test holds
simultaneous     what may not go on near to what
blocking         `blocks(work)`: everything that forbids a job at a moment, each with its clause
confined_space   Order 13 for limited spaces outside the chemical industry
"""
