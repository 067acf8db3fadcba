"""Persons, organisations and dated memberships."""
