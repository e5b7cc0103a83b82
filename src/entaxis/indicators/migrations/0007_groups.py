from django.db import migrations, models

# "subgroup=long_term_unemployed;age=65plus;sex=female" is longer than the 48 characters that stood here.
WIDER = """
ALTER TABLE indicators_sealed.candidate ALTER COLUMN breakdown TYPE varchar(80);
ALTER TABLE indicators_sealed.outcome ALTER COLUMN breakdown TYPE varchar(80);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_editions_and_versions")]
    operations = [
        migrations.RunSQL(WIDER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="observation",
            name="breakdown",
            field=models.CharField(default="total", max_length=80, verbose_name="breakdown"),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="unit",
            field=models.CharField(
                choices=[
                    ("percent", "%"),
                    ("euro", "euro a year"),
                    ("ratio", "times"),
                    ("index", "points (0–100)"),
                    ("persons", "persons"),
                    ("households", "households"),
                    ("per_1000", "per 1,000 residents"),
                    ("per_100_poor", "per 100 persons in poverty"),
                    ("months", "months"),
                    ("score", "standard deviations"),
                    ("rank", "place (1: the worst)"),
                ],
                max_length=16,
                verbose_name="unit",
            ),
        ),
    ]
