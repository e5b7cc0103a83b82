from django.db import migrations, models

# Of a sum over municipalities of which not all reported: how many did, of how many.
REPORTED = """
ALTER TABLE indicators_sealed.candidate ADD COLUMN reported smallint CHECK (reported >= 0),
  ADD COLUMN reported_of smallint CHECK (reported_of > reported);
ALTER TABLE indicators_sealed.outcome ADD COLUMN reported smallint CHECK (reported >= 0),
  ADD COLUMN reported_of smallint CHECK (reported_of > reported);
"""
NOT_REPORTED = """
ALTER TABLE indicators_sealed.candidate DROP COLUMN reported, DROP COLUMN reported_of;
ALTER TABLE indicators_sealed.outcome DROP COLUMN reported, DROP COLUMN reported_of;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_groups")]
    operations = [
        migrations.RunSQL(REPORTED, NOT_REPORTED),
        migrations.AddField(
            model_name="observation",
            name="reported",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="municipalities that reported"),
        ),
        migrations.AddField(
            model_name="observation",
            name="reported_of",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="of so many municipalities"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(reported=None, reported_of=None)
                | models.Q(value__isnull=False, reported__lt=models.F("reported_of")),
                name="observation_at_least",
            ),
        ),
    ]
