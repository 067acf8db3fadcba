"""Writes of the review stage that are not transitions: prepare a meeting, make its papers, call up, count."""
