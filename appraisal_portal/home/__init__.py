"""Dashboards, public column and search: the only place that sees all stages."""
