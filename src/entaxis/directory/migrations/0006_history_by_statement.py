"""History is written once for a statement, not once for each of its rows: an import writes thousands."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_documents_later"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="contact",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="contact",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="contact",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eligibility",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eligibility",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eligibility",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="hoursexception",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="hoursexception",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="hoursexception",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="offerneed",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="offerneed",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="offertargetgroup",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="offertargetgroup",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="openinghours",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="openinghours",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="openinghours",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="servedarea",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="servedarea",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="serviceoffer",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="serviceoffer",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="serviceoffer",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="structure",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="structure",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="structure",
            name="delete_delete",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_contactevent" ("email", "id", "office_el", "office_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "structure_id", "telephone", "website") SELECT new_values."email", new_values."id", new_values."office_el", new_values."office_en", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."structure_id", new_values."telephone", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="60e48e5ce4069a0d7e4284383ddbf1b1d025aaf9",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b1fdf",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_contact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_contactevent" ("email", "id", "office_el", "office_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "structure_id", "telephone", "website") SELECT new_values."email", new_values."id", new_values."office_el", new_values."office_en", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."structure_id", new_values."telephone", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7c14c7dfabd4ff975031fec07e0273e74295266e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_190bf",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="directory_contact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_contactevent" ("email", "id", "office_el", "office_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "structure_id", "telephone", "website") SELECT old_values."email", old_values."id", old_values."office_el", old_values."office_en", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."structure_id", old_values."telephone", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="59ce00fa9ddd26d5eb44511e4183c6745d13cd61",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_319e0",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_contact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eligibility",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_eligibilityevent" ("age_from", "age_to", "aspect", "id", "offer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strength", "values") SELECT new_values."age_from", new_values."age_to", new_values."aspect", new_values."id", new_values."offer_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."strength", new_values."values" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="eca3c7791ee2b4e286299d420f7337b85e723c40",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f7a5a",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_eligibility",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eligibility",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_eligibilityevent" ("age_from", "age_to", "aspect", "id", "offer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strength", "values") SELECT new_values."age_from", new_values."age_to", new_values."aspect", new_values."id", new_values."offer_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."strength", new_values."values" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="c5b11afbfdc6956657885af08b19f47607f856ff",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_36905",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="directory_eligibility",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eligibility",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_eligibilityevent" ("age_from", "age_to", "aspect", "id", "offer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strength", "values") SELECT old_values."age_from", old_values."age_to", old_values."aspect", old_values."id", old_values."offer_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."strength", old_values."values" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="80743c062b6b3088b80b113b82c81d8d290cea23",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1fef1",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_eligibility",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hoursexception",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_hoursexceptionevent" ("closes", "closes_next_day", "first_day", "id", "last_day", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_el", "reason_en", "structure_id") SELECT new_values."closes", new_values."closes_next_day", new_values."first_day", new_values."id", new_values."last_day", new_values."opens", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason_el", new_values."reason_en", new_values."structure_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="be264b454440a208fd37d856e994649504a61bf2",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1ed9a",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_hoursexception",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hoursexception",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_hoursexceptionevent" ("closes", "closes_next_day", "first_day", "id", "last_day", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_el", "reason_en", "structure_id") SELECT new_values."closes", new_values."closes_next_day", new_values."first_day", new_values."id", new_values."last_day", new_values."opens", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason_el", new_values."reason_en", new_values."structure_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e3e50521a336faa4719d4dae00fa141f73acbdbb",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7a26b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="directory_hoursexception",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hoursexception",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_hoursexceptionevent" ("closes", "closes_next_day", "first_day", "id", "last_day", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_el", "reason_en", "structure_id") SELECT old_values."closes", old_values."closes_next_day", old_values."first_day", old_values."id", old_values."last_day", old_values."opens", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason_el", old_values."reason_en", old_values."structure_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e08455e9c04054ed0dd1d32ddac36bb7ed4f77d1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b52d5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_hoursexception",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offerneed",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_offerneedevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "serviceoffer_id", "term_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."serviceoffer_id", new_values."term_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="da4db2ac2b0392d4972d9be1b441e7b7e65bd1ff",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2493d",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_serviceoffer_needs",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offerneed",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_offerneedevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "serviceoffer_id", "term_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."serviceoffer_id", old_values."term_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2ed45a756eaba2fa8622bce1323ccb08fd0ac3a6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_73c8b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_serviceoffer_needs",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offertargetgroup",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_offertargetgroupevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "serviceoffer_id", "term_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."serviceoffer_id", new_values."term_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7b01dca3e68b5a1c177c8ca062fd6dcb98dbe9b6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_358a0",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_serviceoffer_target_groups",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offertargetgroup",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_offertargetgroupevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "serviceoffer_id", "term_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."serviceoffer_id", old_values."term_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a86cd66f0088336bad9589b31ae376753c523539",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dac22",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_serviceoffer_target_groups",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_openinghoursevent" ("closes", "closes_next_day", "id", "offer_id", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "structure_id", "valid_from", "valid_to", "weekday") SELECT new_values."closes", new_values."closes_next_day", new_values."id", new_values."offer_id", new_values."opens", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."structure_id", new_values."valid_from", new_values."valid_to", new_values."weekday" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f475c2a22fd524e888fdd2737a1a56beb124d00f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ecc7f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_openinghoursevent" ("closes", "closes_next_day", "id", "offer_id", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "structure_id", "valid_from", "valid_to", "weekday") SELECT new_values."closes", new_values."closes_next_day", new_values."id", new_values."offer_id", new_values."opens", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."structure_id", new_values."valid_from", new_values."valid_to", new_values."weekday" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="9f8df4fe151ed1b6a1ad94c9a6512c808e633525",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b50b2",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="directory_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_openinghoursevent" ("closes", "closes_next_day", "id", "offer_id", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "structure_id", "valid_from", "valid_to", "weekday") SELECT old_values."closes", old_values."closes_next_day", old_values."id", old_values."offer_id", old_values."opens", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."structure_id", old_values."valid_from", old_values."valid_to", old_values."weekday" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8fb3484f2277bd1f3783b41274cfd7aef811295c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_06747",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servedarea",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_servedareaevent" ("area_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "structure_id") SELECT new_values."area_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."structure_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1a2cf220e533b3f00926397194ea2d49cde759c9",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2dd5a",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_structure_served_areas",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servedarea",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_servedareaevent" ("area_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "structure_id") SELECT old_values."area_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."structure_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="fcfb403141b26d7883c22bbc5f465caff97c53f9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d3434",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_structure_served_areas",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serviceoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_serviceofferevent" ("capacity_date", "capacity_persons", "cost", "cost_note_el", "cost_note_en", "description_el", "description_en", "documents_el", "documents_en", "eligibility_note_el", "eligibility_note_en", "free_places", "how_to_apply_el", "how_to_apply_en", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "status", "structure_id") SELECT new_values."capacity_date", new_values."capacity_persons", new_values."cost", new_values."cost_note_el", new_values."cost_note_en", new_values."description_el", new_values."description_en", new_values."documents_el", new_values."documents_en", new_values."eligibility_note_el", new_values."eligibility_note_en", new_values."free_places", new_values."how_to_apply_el", new_values."how_to_apply_en", new_values."id", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."service_id", new_values."status", new_values."structure_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="eb9107b3a5b10100fc385c787428378e55d931b7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_128af",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_serviceoffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serviceoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_serviceofferevent" ("capacity_date", "capacity_persons", "cost", "cost_note_el", "cost_note_en", "description_el", "description_en", "documents_el", "documents_en", "eligibility_note_el", "eligibility_note_en", "free_places", "how_to_apply_el", "how_to_apply_en", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "status", "structure_id") SELECT new_values."capacity_date", new_values."capacity_persons", new_values."cost", new_values."cost_note_el", new_values."cost_note_en", new_values."description_el", new_values."description_en", new_values."documents_el", new_values."documents_en", new_values."eligibility_note_el", new_values."eligibility_note_en", new_values."free_places", new_values."how_to_apply_el", new_values."how_to_apply_en", new_values."id", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."service_id", new_values."status", new_values."structure_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d67c10c4c49c96261e3af755836fe2084a191ae6",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2d923",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="directory_serviceoffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serviceoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_serviceofferevent" ("capacity_date", "capacity_persons", "cost", "cost_note_el", "cost_note_en", "description_el", "description_en", "documents_el", "documents_en", "eligibility_note_el", "eligibility_note_en", "free_places", "how_to_apply_el", "how_to_apply_en", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "status", "structure_id") SELECT old_values."capacity_date", old_values."capacity_persons", old_values."cost", old_values."cost_note_el", old_values."cost_note_en", old_values."description_el", old_values."description_en", old_values."documents_el", old_values."documents_en", old_values."eligibility_note_el", old_values."eligibility_note_en", old_values."free_places", old_values."how_to_apply_el", old_values."how_to_apply_en", old_values."id", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."service_id", old_values."status", old_values."structure_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c8807ddf22c8afc70d094ced7e0ce9323e69ca60",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3b732",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_serviceoffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="structure",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_structureevent" ("access_features", "access_note_el", "access_note_en", "accessible_toilet", "assured_date", "body_id", "closed_on_public_holidays", "created_at", "description_el", "description_en", "directions_el", "directions_en", "external_id", "external_source", "id", "is_confidential", "is_synthetic", "kind_id", "languages", "locality", "municipality_id", "name_el", "name_en", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "point_quality", "postal_code", "region_id", "status", "status_note_el", "status_note_en", "step_free", "street", "street_number") SELECT new_values."access_features", new_values."access_note_el", new_values."access_note_en", new_values."accessible_toilet", new_values."assured_date", new_values."body_id", new_values."closed_on_public_holidays", new_values."created_at", new_values."description_el", new_values."description_en", new_values."directions_el", new_values."directions_en", new_values."external_id", new_values."external_source", new_values."id", new_values."is_confidential", new_values."is_synthetic", new_values."kind_id", new_values."languages", new_values."locality", new_values."municipality_id", new_values."name_el", new_values."name_en", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."point", new_values."point_quality", new_values."postal_code", new_values."region_id", new_values."status", new_values."status_note_el", new_values."status_note_en", new_values."step_free", new_values."street", new_values."street_number" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1d195a32ab0cc8b3e6c0f336f18f49b25a29325c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a008",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="directory_structure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="structure",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_structureevent" ("access_features", "access_note_el", "access_note_en", "accessible_toilet", "assured_date", "body_id", "closed_on_public_holidays", "created_at", "description_el", "description_en", "directions_el", "directions_en", "external_id", "external_source", "id", "is_confidential", "is_synthetic", "kind_id", "languages", "locality", "municipality_id", "name_el", "name_en", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "point_quality", "postal_code", "region_id", "status", "status_note_el", "status_note_en", "step_free", "street", "street_number") SELECT new_values."access_features", new_values."access_note_el", new_values."access_note_en", new_values."accessible_toilet", new_values."assured_date", new_values."body_id", new_values."closed_on_public_holidays", new_values."created_at", new_values."description_el", new_values."description_en", new_values."directions_el", new_values."directions_en", new_values."external_id", new_values."external_source", new_values."id", new_values."is_confidential", new_values."is_synthetic", new_values."kind_id", new_values."languages", new_values."locality", new_values."municipality_id", new_values."name_el", new_values."name_en", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."point", new_values."point_quality", new_values."postal_code", new_values."region_id", new_values."status", new_values."status_note_el", new_values."status_note_en", new_values."step_free", new_values."street", new_values."street_number" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."access_features" IS DISTINCT FROM (new_values."access_features") OR old_values."access_note_el" IS DISTINCT FROM (new_values."access_note_el") OR old_values."access_note_en" IS DISTINCT FROM (new_values."access_note_en") OR old_values."accessible_toilet" IS DISTINCT FROM (new_values."accessible_toilet") OR old_values."assured_date" IS DISTINCT FROM (new_values."assured_date") OR old_values."body_id" IS DISTINCT FROM (new_values."body_id") OR old_values."closed_on_public_holidays" IS DISTINCT FROM (new_values."closed_on_public_holidays") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."description_el" IS DISTINCT FROM (new_values."description_el") OR old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."directions_el" IS DISTINCT FROM (new_values."directions_el") OR old_values."directions_en" IS DISTINCT FROM (new_values."directions_en") OR old_values."external_id" IS DISTINCT FROM (new_values."external_id") OR old_values."external_source" IS DISTINCT FROM (new_values."external_source") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_confidential" IS DISTINCT FROM (new_values."is_confidential") OR old_values."is_synthetic" IS DISTINCT FROM (new_values."is_synthetic") OR old_values."kind_id" IS DISTINCT FROM (new_values."kind_id") OR old_values."languages" IS DISTINCT FROM (new_values."languages") OR old_values."locality" IS DISTINCT FROM (new_values."locality") OR old_values."municipality_id" IS DISTINCT FROM (new_values."municipality_id") OR old_values."name_el" IS DISTINCT FROM (new_values."name_el") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."parent_id" IS DISTINCT FROM (new_values."parent_id") OR old_values."point" IS DISTINCT FROM (new_values."point") OR old_values."point_quality" IS DISTINCT FROM (new_values."point_quality") OR old_values."postal_code" IS DISTINCT FROM (new_values."postal_code") OR old_values."region_id" IS DISTINCT FROM (new_values."region_id") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."status_note_el" IS DISTINCT FROM (new_values."status_note_el") OR old_values."status_note_en" IS DISTINCT FROM (new_values."status_note_en") OR old_values."step_free" IS DISTINCT FROM (new_values."step_free") OR old_values."street" IS DISTINCT FROM (new_values."street") OR old_values."street_number" IS DISTINCT FROM (new_values."street_number")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="cba7daff41d8e472e2cf49888c0d9649c2136be7",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0319a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="directory_structure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="structure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_structureevent" ("access_features", "access_note_el", "access_note_en", "accessible_toilet", "assured_date", "body_id", "closed_on_public_holidays", "created_at", "description_el", "description_en", "directions_el", "directions_en", "external_id", "external_source", "id", "is_confidential", "is_synthetic", "kind_id", "languages", "locality", "municipality_id", "name_el", "name_en", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "point_quality", "postal_code", "region_id", "status", "status_note_el", "status_note_en", "step_free", "street", "street_number") SELECT old_values."access_features", old_values."access_note_el", old_values."access_note_en", old_values."accessible_toilet", old_values."assured_date", old_values."body_id", old_values."closed_on_public_holidays", old_values."created_at", old_values."description_el", old_values."description_en", old_values."directions_el", old_values."directions_en", old_values."external_id", old_values."external_source", old_values."id", old_values."is_confidential", old_values."is_synthetic", old_values."kind_id", old_values."languages", old_values."locality", old_values."municipality_id", old_values."name_el", old_values."name_en", old_values."parent_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."point", old_values."point_quality", old_values."postal_code", old_values."region_id", old_values."status", old_values."status_note_el", old_values."status_note_en", old_values."step_free", old_values."street", old_values."street_number" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="06be5bf385a69bc5ca9fdad7c1e73a8f49acb22a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_34a52",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="directory_structure",
                    when="AFTER",
                ),
            ),
        ),
    ]
