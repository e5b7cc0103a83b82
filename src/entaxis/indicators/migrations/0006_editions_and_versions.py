"""The same file may come again with a better description; who wrote a version, and that it keeps its meaning."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("geography", "0002_outlines_and_place_names"),
        ("indicators", "0005_harmonisation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_file_once",
        ),
        migrations.AddField(
            model_name="indicatorversion",
            name="change_el",
            field=models.TextField(blank=True, max_length=2000, verbose_name="what changed and why"),
        ),
        migrations.AddField(
            model_name="indicatorversion",
            name="change_en",
            field=models.TextField(
                blank=True, max_length=2000, verbose_name="what changed and why, in English"
            ),
        ),
        migrations.AddField(
            model_name="indicatorversion",
            name="written_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="written at"),
        ),
        migrations.AddField(
            model_name="indicatorversion",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorversion",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_meaning",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF EXISTS (SELECT 1 FROM indicators_releasedseries WHERE version_id = OLD.id) THEN\n                      RAISE EXCEPTION 'a version that carries figures is never changed';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="5ef3ec8691015ed05b5ea932488523cd62cb6a38",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_keeps_its_meaning_d4847",
                    table="indicators_indicatorversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                models.F("region"),
                models.F("checksum"),
                django.db.models.functions.text.MD5("specification"),
                name="edition_file_once",
            ),
        ),
    ]
