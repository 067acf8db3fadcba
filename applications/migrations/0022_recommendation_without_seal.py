"""The seal of a recommendation is a mark of 2-9; the column of its own was never written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0021_electronic_seal_of_the_unit")]

    operations = [migrations.RemoveField(model_name="recommendation", name="seal")]
