import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import entaxis.portal.models.library


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_history_once_a_statement"),
        ("geography", "0002_outlines_and_place_names"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("portal", "0001_initial"),
        ("wagtailimages", "0027_image_description"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OrganisationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("removed", "Taken away"),
                            ("restored", "Put back to an earlier state"),
                        ],
                        max_length=8,
                    ),
                ),
                ("unit_name", models.CharField(blank=True, max_length=120)),
                ("before", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "step in the history of a chart",
                "verbose_name_plural": "steps in the history of charts",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OrganisationUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Smaller numbers stand first.",
                        verbose_name="place among its neighbours",
                    ),
                ),
                ("name_el", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                (
                    "head_el",
                    models.CharField(
                        blank=True,
                        help_text="An office, no person's name.",
                        max_length=120,
                        verbose_name="office that heads it",
                    ),
                ),
                (
                    "head_en",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="office that heads it, in English"
                    ),
                ),
                ("tasks_el", models.TextField(blank=True, max_length=600, verbose_name="what it does")),
                (
                    "tasks_en",
                    models.TextField(blank=True, max_length=600, verbose_name="what it does, in English"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("telephone", models.CharField(blank=True, max_length=32, verbose_name="telephone")),
            ],
            options={
                "verbose_name": "unit of the organisation",
                "verbose_name_plural": "units of the organisation",
                "ordering": ["order", "name_el", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("study", "Study"),
                            ("field_research", "Field research"),
                            ("strategy", "Strategy"),
                            ("report", "Report"),
                            ("guide", "Guide"),
                            ("legal", "Legal text"),
                        ],
                        max_length=16,
                        verbose_name="type",
                    ),
                ),
                ("title_el", models.CharField(max_length=300, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=300, verbose_name="English title")),
                (
                    "summary_el",
                    models.TextField(blank=True, max_length=3000, verbose_name="summary in plain Greek"),
                ),
                (
                    "summary_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="summary in English"),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "authors",
                    models.TextField(
                        blank=True,
                        help_text="One a line: people or bodies.",
                        max_length=1500,
                        verbose_name="authors",
                    ),
                ),
                (
                    "authors_fold",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("authors"), function="entaxis_fold"),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        choices=[
                            ("cc-by-4.0", "Creative Commons Attribution 4.0"),
                            ("cc-by-sa-4.0", "Creative Commons Attribution – ShareAlike 4.0"),
                            ("cc0-1.0", "No rights reserved (CC0 1.0)"),
                            ("official", "Official text, free of rights"),
                            ("reserved", "All rights reserved: ask the publisher"),
                        ],
                        max_length=16,
                        verbose_name="licence",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("el", "Greek"),
                            ("en", "English"),
                            ("el-en", "Greek and English"),
                            ("und", "Another language"),
                        ],
                        default="el",
                        max_length=8,
                        verbose_name="language of the text",
                    ),
                ),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="themes",
                    ),
                ),
                (
                    "target_groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="groups concerned",
                    ),
                ),
                (
                    "area_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="municipalities concerned",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="where it was first published",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published"),
                ),
                (
                    "is_synthetic",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="demonstration document"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("last_modified", models.DateTimeField(auto_now=True, verbose_name="last changed")),
            ],
            options={
                "verbose_name": "document of the library",
                "verbose_name_plural": "documents of the library",
                "ordering": ["-year", "title_el", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StudyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("study", "Study"),
                            ("field_research", "Field research"),
                            ("strategy", "Strategy"),
                            ("report", "Report"),
                            ("guide", "Guide"),
                            ("legal", "Legal text"),
                        ],
                        max_length=16,
                        verbose_name="type",
                    ),
                ),
                ("title_el", models.CharField(max_length=300, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=300, verbose_name="English title")),
                (
                    "summary_el",
                    models.TextField(blank=True, max_length=3000, verbose_name="summary in plain Greek"),
                ),
                (
                    "summary_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="summary in English"),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "authors",
                    models.TextField(
                        blank=True,
                        help_text="One a line: people or bodies.",
                        max_length=1500,
                        verbose_name="authors",
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        choices=[
                            ("cc-by-4.0", "Creative Commons Attribution 4.0"),
                            ("cc-by-sa-4.0", "Creative Commons Attribution – ShareAlike 4.0"),
                            ("cc0-1.0", "No rights reserved (CC0 1.0)"),
                            ("official", "Official text, free of rights"),
                            ("reserved", "All rights reserved: ask the publisher"),
                        ],
                        max_length=16,
                        verbose_name="licence",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("el", "Greek"),
                            ("en", "English"),
                            ("el-en", "Greek and English"),
                            ("und", "Another language"),
                        ],
                        default="el",
                        max_length=8,
                        verbose_name="language of the text",
                    ),
                ),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="themes",
                    ),
                ),
                (
                    "target_groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="groups concerned",
                    ),
                ),
                (
                    "area_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="municipalities concerned",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="where it was first published",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published"),
                ),
                (
                    "is_synthetic",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="demonstration document"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StudyFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "file",
                    models.FileField(max_length=160, upload_to=entaxis.portal.models.library.stored_as),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name of the file")),
                ("size_bytes", models.PositiveBigIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum (SHA-256)")),
                (
                    "page_count",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="pages"),
                ),
                ("has_text", models.BooleanField(default=False, verbose_name="can be searched inside")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be read"),
                            ("read", "Read"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("problem", models.JSONField(blank=True, default=dict)),
                (
                    "note_el",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what is new in this version"
                    ),
                ),
                (
                    "note_en",
                    models.CharField(blank=True, max_length=300, verbose_name="what is new, in English"),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
            ],
            options={
                "verbose_name": "version of a document",
                "verbose_name_plural": "versions of documents",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="StudyMention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "page that links to a document",
                "verbose_name_plural": "pages that link to documents",
            },
        ),
        migrations.CreateModel(
            name="StudyPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="page")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "stems",
                    models.TextField(
                        help_text="One for each word of the text, a space before, between and after."
                    ),
                ),
            ],
            options={
                "verbose_name": "page of a document",
                "verbose_name_plural": "pages of documents",
                "ordering": ["number"],
            },
        ),
        migrations.AddField(
            model_name="publicityoperation",
            name="emblem",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown beside the Union's; the name of the programme stands for it where it is not seen.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailimages.image",
                verbose_name="emblem of the programme",
            ),
        ),
        migrations.AddField(
            model_name="publicityoperation",
            name="first_year",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="first year of the period"
            ),
        ),
        migrations.AddField(
            model_name="publicityoperation",
            name="last_year",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="last year of the period"
            ),
        ),
        migrations.AddField(
            model_name="publicityoperation",
            name="paths",
            field=models.TextField(
                blank=True,
                help_text="Beginnings of addresses without the language, one a line, for example documentation/. Empty: every page of the region.",
                max_length=2000,
                verbose_name="pages that belong to it",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicityoperation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_year", None),
                    ("last_year", None),
                    ("last_year__gte", models.F("first_year")),
                    _connector="OR",
                ),
                name="publicity_years_in_order",
                violation_error_message="The period ends before it begins.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="publicityoperation",
            name="publicity_mis_code",
            constraint=models.CheckConstraint(
                condition=models.Q(("mis_code", ""), ("mis_code__regex", "^\\d{7}$"), _connector="OR"),
                name="publicity_mis_code",
                violation_error_message="A MIS code has seven digits.",
            ),
        ),
        migrations.AddField(
            model_name="organisationstep",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="organisationstep",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisation_steps",
                to="geography.area",
            ),
        ),
        migrations.AddField(
            model_name="organisationunit",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: it stands at the top.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="portal.organisationunit",
                verbose_name="belongs to",
            ),
        ),
        migrations.AddField(
            model_name="organisationunit",
            name="region",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisation_units",
                to="geography.area",
            ),
        ),
        migrations.CreateModel(
            name="StudyText",
            fields=[
                (
                    "study",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="portal.study",
                    ),
                ),
                ("head", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "words of a document",
                "verbose_name_plural": "words of documents",
            },
        ),
        migrations.AddField(
            model_name="study",
            name="operation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="studies",
                to="portal.publicityoperation",
                verbose_name="co-funded operation it belongs to",
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="publisher",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the Observatory.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="studies",
                to="accounts.body",
                verbose_name="publisher",
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="region",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="studies",
                to="geography.area",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="operation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="portal.publicityoperation",
                verbose_name="co-funded operation it belongs to",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="portal.study",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="publisher",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Empty: the Observatory.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.body",
                verbose_name="publisher",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="geography.area",
            ),
        ),
        migrations.AddField(
            model_name="studyfile",
            name="added_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="studyfile",
            name="study",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="portal.study"
            ),
        ),
        migrations.AddField(
            model_name="studymention",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="studies_mentioned",
                to=settings.WAGTAIL_PAGE_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="studymention",
            name="study",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="portal.study"
            ),
        ),
        migrations.AddField(
            model_name="studypage",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="text_pages",
                to="portal.studyfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="unit_not_its_own_parent",
            ),
        ),
        migrations.AddIndex(
            model_name="studytext",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="study_text_words"),
        ),
        migrations.AddIndex(
            model_name="study",
            index=models.Index(fields=["region", "status", "-year"], name="study_listed"),
        ),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1900), ("year__lte", 2100)), name="study_year_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="study_published_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portal_studyevent" ("area_codes", "authors", "id", "is_synthetic", "kind", "language", "licence", "operation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "publisher_id", "region_id", "status", "summary_el", "summary_en", "target_groups", "themes", "title_el", "title_en", "url", "year") SELECT new_values."area_codes", new_values."authors", new_values."id", new_values."is_synthetic", new_values."kind", new_values."language", new_values."licence", new_values."operation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."published_at", new_values."publisher_id", new_values."region_id", new_values."status", new_values."summary_el", new_values."summary_en", new_values."target_groups", new_values."themes", new_values."title_el", new_values."title_en", new_values."url", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6a94f4bbc1bc154193dd24600071a49d41917ab6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_86d6c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="portal_study",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portal_studyevent" ("area_codes", "authors", "id", "is_synthetic", "kind", "language", "licence", "operation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "publisher_id", "region_id", "status", "summary_el", "summary_en", "target_groups", "themes", "title_el", "title_en", "url", "year") SELECT new_values."area_codes", new_values."authors", new_values."id", new_values."is_synthetic", new_values."kind", new_values."language", new_values."licence", new_values."operation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."published_at", new_values."publisher_id", new_values."region_id", new_values."status", new_values."summary_el", new_values."summary_en", new_values."target_groups", new_values."themes", new_values."title_el", new_values."title_en", new_values."url", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."area_codes" IS DISTINCT FROM (new_values."area_codes") OR old_values."authors" IS DISTINCT FROM (new_values."authors") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_synthetic" IS DISTINCT FROM (new_values."is_synthetic") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."language" IS DISTINCT FROM (new_values."language") OR old_values."licence" IS DISTINCT FROM (new_values."licence") OR old_values."operation_id" IS DISTINCT FROM (new_values."operation_id") OR old_values."published_at" IS DISTINCT FROM (new_values."published_at") OR old_values."publisher_id" IS DISTINCT FROM (new_values."publisher_id") OR old_values."region_id" IS DISTINCT FROM (new_values."region_id") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."summary_el" IS DISTINCT FROM (new_values."summary_el") OR old_values."summary_en" IS DISTINCT FROM (new_values."summary_en") OR old_values."target_groups" IS DISTINCT FROM (new_values."target_groups") OR old_values."themes" IS DISTINCT FROM (new_values."themes") OR old_values."title_el" IS DISTINCT FROM (new_values."title_el") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."url" IS DISTINCT FROM (new_values."url") OR old_values."year" IS DISTINCT FROM (new_values."year")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="dbbb91c69503349da299f3e5de25afe1dd0b4348",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6910a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="portal_study",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="studyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2480f5cf812587ed0bad4c6722a720dedb67e1f3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_489dd",
                    table="portal_studyevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="studyfile",
            constraint=models.UniqueConstraint(fields=("study", "number"), name="study_file_number_once"),
        ),
        migrations.AddConstraint(
            model_name="studyfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("study", "sha256"),
                name="study_file_content_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="studyfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="study_file_checksum"
            ),
        ),
        migrations.AddConstraint(
            model_name="studymention",
            constraint=models.UniqueConstraint(fields=("study", "page"), name="study_mention_once"),
        ),
        migrations.AddConstraint(
            model_name="studypage",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="study_page_once"),
        ),
    ]
