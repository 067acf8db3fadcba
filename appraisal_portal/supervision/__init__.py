"""Supervision of the year's appraisal (评审工作督查): it looks back over every stage and is looked at by none."""
