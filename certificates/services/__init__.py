"""Writes that are not transitions: making sheets, preparing batches, counting look-ups."""
