"""Place, way of applying and what tells namesakes apart are signed with the list, so they stay as they are too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0016_manner_as_a_key"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="resultpublicityitem",
            name="shown_as_signed",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultpublicityitem",
            trigger=pgtrigger.compiler.Trigger(
                name="shown_as_signed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."admission_id" IS DISTINCT FROM (NEW."admission_id") OR OLD."determined_id" IS DISTINCT FROM (NEW."determined_id") OR OLD."disambiguation" IS DISTINCT FROM (NEW."disambiguation") OR OLD."seq" IS DISTINCT FROM (NEW."seq") OR OLD."shown_mode" IS DISTINCT FROM (NEW."shown_mode") OR OLD."shown_name" IS DISTINCT FROM (NEW."shown_name") OR OLD."shown_specialty" IS DISTINCT FROM (NEW."shown_specialty") OR OLD."shown_title" IS DISTINCT FROM (NEW."shown_title") OR OLD."shown_unit" IS DISTINCT FROM (NEW."shown_unit") OR OLD."verdict_id" IS DISTINCT FROM (NEW."verdict_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="980154d5653afbe33b9b244d27db5748d6076579",
                    operation="UPDATE",
                    pgid="pgtrigger_shown_as_signed_55331",
                    table="reviews_resultpublicityitem",
                    when="BEFORE",
                ),
            ),
        ),
    ]
