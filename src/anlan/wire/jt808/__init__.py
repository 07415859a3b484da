"""JT/T 808 (2011, 2013, 2019), vehicle terminals and their platform, with active safety of T/JSATL 12-2017."""
