"""The only importer of WeasyPrint and openpyxl: templates to PDF letters, columns to A3 rosters. Pure: rows in,
bytes out.

Both libraries are loaded at the first call, so that web processes that never print do not carry them.
"""

from .pdf import (
    MissingGlyph,
    PictureNotDrawn,
    RenderingRefused,
    UnknownSource,
    chinese_date,
    page_of,
    render_pdf,
    render_pdf_table,
    source_of,
)
from .xlsx import Column, Roster, RosterProblem, TextTooLong, Written, render_roster, write_roster

__all__ = [
    "Column",
    "MissingGlyph",
    "PictureNotDrawn",
    "RenderingRefused",
    "Roster",
    "RosterProblem",
    "TextTooLong",
    "UnknownSource",
    "Written",
    "chinese_date",
    "page_of",
    "render_pdf",
    "render_pdf_table",
    "render_roster",
    "source_of",
    "write_roster",
]
