"""Workbooks from outside: read in a limited process, judged cell by cell, never imported by half."""
