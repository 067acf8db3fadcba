"""Who sees which rows: ``meeting`` (meetings and ballots), ``results`` (lists, objections, reports)."""
