"""Words of a correction slip on pages."""

from typing import Any

from django import template

from applications.rules.comparison import label_of_item

register = template.Library()


@register.filter
def slip_item(item: Any) -> str:
    """What an item of a slip names, in the reader's language."""
    return label_of_item(item)
