"""Who: organisations of government and society, the people in them and the posts they fill."""
