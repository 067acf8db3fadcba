"""Extensions of PostgreSQL that constraints rely on."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Equality of keys inside exclusion constraints."""

    initial = True
    dependencies = []
    operations = [BtreeGistExtension()]
