"""Mechanisms without a word of the domain: workflow, records, calendar, documents, deliveries."""
