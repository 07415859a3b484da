"""A new enterprise takes over what its sector usually has, and runs its own loop the same morning."""
