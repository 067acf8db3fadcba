"""What may be reviewed this year: series, titles, committees, plans."""
