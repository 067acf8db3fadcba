"""Pages of the plans: the public column, the desk of bureau and offices, the calendar."""
