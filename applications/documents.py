"""Papers of this stage."""
