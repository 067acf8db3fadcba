"""Template filters of the declaration's pages."""
