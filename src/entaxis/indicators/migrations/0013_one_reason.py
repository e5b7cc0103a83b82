"""One reason for every withheld count: which of them are small would tell the sums of small ones apart."""

import pgtrigger
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def unite(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Rows that are public already tell no more than new ones."""
    observations = apps.get_model("indicators", "Observation")
    counts = observations.objects.filter(
        reason="protects", series__version__computation__startswith="source:"
    )
    with pgtrigger.ignore("indicators.Observation:append_only"):
        counts.update(reason="small_count")


class Migration(migrations.Migration):
    dependencies = [("indicators", "0012_country")]

    operations = [
        migrations.AlterField(
            model_name="observation",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("small_sample", "too few people were asked"),
                    ("protects", "withheld so that another figure cannot be worked out"),
                    ("unsure", "the error would be too large"),
                    (
                        "small_count",
                        "too few persons, or so that a number of too few cannot be worked out",
                    ),
                    ("nobody_asked", "nobody was asked here"),
                    ("not_defined", "it does not exist here"),
                    ("withdrawn", "taken back; the release says why"),
                    ("no_input", "a figure that it is made of is not given here"),
                ],
                max_length=16,
                verbose_name="why it is not shown",
            ),
        ),
        migrations.RunPython(unite, migrations.RunPython.noop),
    ]
