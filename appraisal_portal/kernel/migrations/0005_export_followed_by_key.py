import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import appraisal_portal.kernel.clock


class Migration(migrations.Migration):
    """Nothing wrote to the table before: it is made anew in the shape that is used."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kernel", "0004_bulk_action"),
    ]

    operations = [
        migrations.DeleteModel(name="Export"),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.PositiveBigIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("membership", models.PositiveBigIntegerField(null=True)),
                ("requested_at", models.DateTimeField(default=appraisal_portal.kernel.clock.now)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done_rows", models.PositiveIntegerField(default=0)),
                ("total_rows", models.PositiveIntegerField(default=0)),
                ("told", models.TextField(blank=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["waiting", "running"])),
                        fields=("key",),
                        name="export_on_its_way_once",
                    )
                ],
            },
        ),
    ]
