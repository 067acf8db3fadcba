"""The ballot box below every row: keys that exist only in memory, envelopes they open."""
