"""What a slip names is read in the reader's language: of the label only what names the row stays, as it was typed."""

from typing import Any

from django.db import migrations

COLON = "："  # labels were written in Chinese, "教育经历：浙江大学"


def keep_what_names_the_row(apps: Any, schema_editor: Any) -> None:
    """ "教育经历：浙江大学：毕业时间" of "education:12.finished_on" becomes "浙江大学"; of a whole section nothing."""
    for item in apps.get_model("applications", "CorrectionItem").objects.exclude(named=""):
        _section, _colon, key = item.item.partition(":")
        parts = item.named.split(COLON)[1:]
        if "." in key and item.item.partition(":")[0] != "attachments":
            parts = parts[:-1]
        item.named = "" if not key or key.startswith("new") else COLON.join(parts)
        item.save(update_fields=["named"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0019_counts_without_checks")]

    operations = [
        migrations.RenameField("correctionitem", "label", "named"),
        migrations.RunPython(keep_what_names_the_row, migrations.RunPython.noop),
    ]
