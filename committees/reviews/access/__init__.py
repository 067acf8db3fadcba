"""Who may act and read: ``meeting`` (meetings and ballots), ``results`` (lists, objections, reports)."""
