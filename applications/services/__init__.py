"""Writes that are no transitions: drafts, files, signatures, papers; checks and slips of unit and office."""
