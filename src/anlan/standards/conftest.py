"""The standards' tests need no fixtures of the platform; how long one example takes says nothing about the code."""

import hypothesis

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
