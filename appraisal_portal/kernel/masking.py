"""Telephone numbers as pages may show them (document numbers: ``identity.mask``)."""


def mask_phone(number: str | None) -> str:
    """``138****0013``: the first three and the last four digits; of a short number only the last two."""
    text = str(number or "").strip()
    if len(text) >= 11:
        return f"{text[:-8]}****{text[-4:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:]
