"""Grades of whole enterprises and parks.

diagnosis   risk diagnosis of hazardous-chemical enterprises, 应急〔2018〕19号
parks       chemical parks, 应急〔2023〕123号
"""
