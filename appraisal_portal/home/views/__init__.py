"""Pages over all stages."""
