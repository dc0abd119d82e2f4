import django.db.models.deletion
from django.db import migrations, models

import openkap.records.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("what", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("scopes", models.JSONField()),
                ("purpose", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "from_start",
                    models.BooleanField(default=True, help_text="False: only what is written from now on"),
                ),
                ("until", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("made_at"))), name="grant_in_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "what",
                    models.CharField(
                        choices=[("clinic", "Clinic"), ("therapy", "Therapy"), ("both", "Both")],
                        max_length=10,
                    ),
                ),
                ("zone", models.CharField(default="America/New_York", max_length=64)),
                ("country", models.CharField(default="US", max_length=2)),
                ("phone", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("chosen_name", models.CharField(blank=True, max_length=100)),
                ("pronouns", models.CharField(blank=True, max_length=40)),
                ("born_on", models.DateField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        blank=True, help_text="as recorded at birth; blank is not known", max_length=10
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(default="en", max_length=10)),
                ("title", models.CharField(blank=True, help_text="as in 'Dr' or 'LCSW'", max_length=80)),
                ("name_key", models.CharField(db_index=True, editable=False, max_length=320)),
            ],
            options={
                "ordering": ["family_name", "given_name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Shown",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("records.disclosure",),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disclosures", to="records.grant"
            ),
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("address", models.CharField(blank=True, max_length=300)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locations",
                        to="records.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="organisation",
            field=models.ForeignKey(
                help_text="whose record it opens",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants_kept",
                to="records.organisation",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="to_organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants_received",
                to="records.organisation",
            ),
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("document", models.CharField(help_text="which document, as in 'consent.iv'", max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("language", models.CharField(default="en", max_length=10)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="records.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "document", "version", "language"),
                        name="document_version_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="disclosure",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.organisation"
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="to_organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.organisation"
            ),
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("protocol", models.CharField(help_text="id of a protocol file", max_length=60)),
                ("protocol_version", models.CharField(max_length=20)),
                ("model", models.CharField(max_length=20)),
                ("route", models.CharField(max_length=20)),
                ("state", models.CharField(default="evaluation", max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("patient", "organisation", "route"),
                        name="course_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="course_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                (
                    "outside_id",
                    models.CharField(blank=True, help_text="the id an import knew them by", max_length=200),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "patient"), name="file_once"),
                    models.UniqueConstraint(fields=("organisation", "number"), name="file_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("outside_id", ""), _negated=True),
                        fields=("organisation", "outside_id"),
                        name="file_outside_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("medicine", "Medicine"), ("therapy", "Therapy"), ("both", "Both")],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="records.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("course", "organisation"),
                        name="participation_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(help_text="0 is Monday, 6 is Sunday")),
                ("starts", models.TimeField(help_text="on the practice's own clock")),
                ("ends", models.TimeField(help_text="at or before its begin: on the next day")),
                ("since", models.DateField(help_text="first day, in the practice's zone")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="the day from which on it no longer counts", null=True
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call",
                        to="records.organisation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "starts", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="on_call_weekday"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="on_call_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("therapist", "therapist"),
                            ("prescriber", "prescriber"),
                            ("monitor", "monitor"),
                            ("front_desk", "front_desk"),
                            ("medical_director", "medical_director"),
                            ("privacy_officer", "privacy_officer"),
                            ("administrator", "administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="records.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("person", "organisation", "role"),
                        name="membership_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gt", models.F("since")), _connector="OR"
                        ),
                        name="membership_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Medication",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("confirmed", models.BooleanField(default=True)),
                ("text", models.CharField(max_length=300)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("active", models.BooleanField(default=True)),
                ("held", models.BooleanField(default=False)),
                (
                    "change",
                    models.CharField(
                        blank=True,
                        choices=[("stopped", "Stopped"), ("held", "Held"), ("restarted", "Restarted")],
                        help_text="blank: a start or a correction",
                        max_length=10,
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.medication",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="medication_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="medication_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("change", ""), ("corrects__isnull", False), _connector="OR"),
                        name="medication_change_follows_a_row",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held", False), ("active", True), _connector="OR"),
                        name="medication_held_is_on_the_list",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownBrowser",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("first_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="browsers",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "token_hash"), name="browser_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("sealed", models.BinaryField(help_text="the words, sealed; about 'journal <id>'")),
                ("key", models.CharField(help_text="fingerprint of the key that sealed them", max_length=16)),
                (
                    "adds_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="additions",
                        to="records.journalentry",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.journalentry",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="journalentry_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="journalentry_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("organisation", None)), name="journalentry_kept_by_nobody"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("to_name", models.CharField(max_length=200)),
                ("to_email", models.EmailField(blank=True, max_length=254)),
                ("scopes", models.JSONField(default=list)),
                ("purpose", models.CharField(max_length=200)),
                ("until", models.DateTimeField()),
                ("from_start", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, help_text="when the patient said yes", null=True),
                ),
                ("token_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0, help_text="wrong codes so far")),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="records.course",
                    ),
                ),
                (
                    "grant",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to="records.grant",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="whose record it would open",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "to_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="records.person",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="invitation_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None),
                            models.Q(("approved_at__isnull", False), ("grant__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_accepted_was_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("counts", models.JSONField()),
                ("left_out", models.JSONField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "sha256"), name="import_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoryAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("confirmed", models.BooleanField(default=True)),
                ("key", models.CharField(help_text="a history key of contracts.md", max_length=60)),
                ("value", models.BooleanField()),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.historyanswer",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="historyanswer_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="historyanswer_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="by_person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.person",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="records.person"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="to_person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.person",
            ),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=openkap.records.ids.new_id, editable=False, unique=True)),
                ("at", models.DateTimeField(db_index=True)),
                ("verb", models.CharField(max_length=60)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("opened", "Opened"), ("refused", "Refused")],
                        default="done",
                        max_length=8,
                    ),
                ),
                ("session", models.UUIDField(db_index=True, null=True)),
                ("subject", models.CharField(blank=True, help_text="as in 'order 0192…'", max_length=80)),
                ("where", models.CharField(blank=True, max_length=100)),
                (
                    "by_organisation",
                    models.ForeignKey(
                        help_text="as whom",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="whose record",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
                "indexes": [models.Index(fields=["patient", "seq"], name="event_patient_seq")],
            },
        ),
        migrations.CreateModel(
            name="EvaluationRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(default="en", max_length=10)),
                ("born_on", models.DateField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("answers", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("contacted", "Contacted"),
                            ("opened", "Opened"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="records.organisation",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", ""), ("phone", ""), _negated=True),
                        name="request_reaches_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "opened"), _negated=True),
                            ("patient__isnull", False),
                            _connector="OR",
                        ),
                        name="request_opened_has_patient",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentContent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "content_type",
                    models.CharField(help_text="as its bytes say, never as its name says", max_length=40),
                ),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("content", models.BinaryField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "patient", "sha256"), name="document_content_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="disclosure",
            name="by_person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.person",
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
            ),
        ),
        migrations.CreateModel(
            name="Declined",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.declined",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declined",
                        to="records.course",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.documentversion",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="declined_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declined_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("candidate", "Candidate"),
                            ("not_now", "Not Now"),
                            ("not_candidate", "Not Candidate"),
                        ],
                        max_length=14,
                    ),
                ),
                ("level", models.CharField(max_length=10)),
                (
                    "verdict",
                    models.JSONField(help_text="findings with rule, version, data, sources, as shown"),
                ),
                ("words", models.TextField(blank=True, help_text="the clinician's own reason")),
                (
                    "for_patient",
                    models.TextField(blank=True, help_text="what ends it and what would change it, to them"),
                ),
                (
                    "look_again_on",
                    models.DateField(
                        blank=True, help_text="the day a 'not now' is looked at again", null=True
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.decision",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="decision_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "candidate"), models.Q(("words", ""), _negated=True), _connector="OR"
                        ),
                        name="decision_refusal_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(help_text="as in 'license'", max_length=40)),
                ("number", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(blank=True, help_text="which state or body gave it", max_length=60),
                ),
                ("given_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="records.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CourseEnd",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("ended_as", models.CharField(max_length=20)),
                ("came_from", models.CharField(max_length=20)),
                ("why", models.CharField(max_length=300)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.courseend",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="records.course"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="courseend_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="courseend_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("confirmed", models.BooleanField(default=True)),
                ("text", models.CharField(max_length=300)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("active", models.BooleanField(default=True)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.condition",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="condition_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="condition_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AskStop",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ask_stops",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("course",), name="ask_stop_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Allergy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("confirmed", models.BooleanField(default=True)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("none_known", models.BooleanField(default=False)),
                (
                    "active",
                    models.BooleanField(default=True, help_text="False: no longer so, as its reason says"),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.allergy",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="allergy_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="allergy_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="user", to="records.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonalLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("sign_in", "Sign In"), ("consent", "Consent"), ("measure", "Measure")],
                        max_length=10,
                    ),
                ),
                ("about", models.CharField(blank=True, help_text="instrument or document id", max_length=40)),
                (
                    "point",
                    models.CharField(
                        blank=True, help_text="course point, as in 'before' or 'after'", max_length=20
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("redeemed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "redeemed_on",
                    models.CharField(
                        blank=True, help_text="hash of the device that redeemed it", max_length=64
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "wrong_tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="wrong birth dates or codes so far"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.course",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="link_in_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("instrument", models.CharField(max_length=40)),
                ("point", models.CharField(max_length=20)),
                ("due_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("skipped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "held_for",
                    models.CharField(blank=True, help_text="why a person must ask instead", max_length=20),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asks", to="records.course"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks",
                        to="records.personallink",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "instrument", "point"), name="ask_once"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("due_at"))), name="ask_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicPage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "words",
                    models.CharField(
                        blank=True, help_text="a few sentences in its own words", max_length=600
                    ),
                ),
                (
                    "asks",
                    models.BooleanField(
                        default=True, help_text="whether an evaluation can be asked for here"
                    ),
                ),
                (
                    "crisis_number",
                    models.CharField(blank=True, help_text="blank: the country's own", max_length=40),
                ),
                ("crisis_words", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="page",
                        to="records.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("medicines", models.JSONField(help_text="the medicines as they stood, in words")),
                ("allergies", models.JSONField(help_text="the allergies as they stood, in words")),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.reconciliation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="reconciliation_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reconciliation_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("contacted", "Contacted"),
                            ("opened", "Opened"),
                            ("closed", "Closed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="records.evaluationrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("instrument", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                (
                    "point",
                    models.CharField(help_text="course point, as in 'before' or 'after'", max_length=20),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "late",
                    models.BooleanField(
                        default=False, help_text="answered after its link had ended: kept all the same"
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.response",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="response_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="response_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("instrument", models.CharField(max_length=40)),
                ("point", models.CharField(max_length=20)),
                ("answers", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "response",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="records.response",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("response", None)),
                        fields=("course", "instrument", "point"),
                        name="draft_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=20)),
                ("value", models.SmallIntegerField(null=True)),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="records.response",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("response", "item"), name="answer_once")],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="records.location",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="records.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("enrolled_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="records.room"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RouteSigning",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("route", models.CharField(max_length=20)),
                (
                    "act",
                    models.CharField(
                        choices=[("signed", "Signed"), ("withdrawn", "Withdrawn")], max_length=10
                    ),
                ),
                (
                    "ruleset",
                    models.CharField(
                        help_text="the name of the set, as the command prints it", max_length=60
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(help_text="SHA-256 of every number, word and source", max_length=64),
                ),
                (
                    "numbers",
                    models.JSONField(default=dict, help_text="path of each number to how it read then"),
                ),
                ("words", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="route_signings",
                        to="records.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["organisation", "route", "at"], name="route_signing_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("instrument", models.CharField(max_length=40)),
                ("total", models.SmallIntegerField(null=True)),
                ("band", models.CharField(blank=True, max_length=30)),
                ("complete", models.BooleanField()),
                ("alerts", models.JSONField(default=list)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.score",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="records.response",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="score_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="score_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("evaluation", "Evaluation"),
                            ("preparation", "Preparation"),
                            ("dosing", "Dosing"),
                            ("integration", "Integration"),
                            ("follow_up", "Follow Up"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField(default=1)),
                ("planned_from", models.DateTimeField()),
                ("planned_to", models.DateTimeField()),
                ("state", models.CharField(default="planned", max_length=12)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="records.course",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="records.room",
                    ),
                ),
            ],
            options={
                "ordering": ["planned_from", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("planned_to__gt", models.F("planned_from"))),
                        name="session_planned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(
                                ("started_at__isnull", False), ("ended_at__gte", models.F("started_at"))
                            ),
                            _connector="OR",
                        ),
                        name="session_ended_after_started",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("under_way", "paused", "recovering"))),
                        fields=("room",),
                        name="session_one_live_a_room",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoomEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("what", models.CharField(max_length=20)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("dose", models.CharField(blank=True, max_length=100)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.roomevent",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_events",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="roomevent_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="roomevent_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("sbp", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("dbp", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("hr", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("spo2", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("rr", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("temp_c", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("etco2", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("moaas", models.PositiveSmallIntegerField(null=True)),
                ("cadss6", models.PositiveSmallIntegerField(null=True)),
                (
                    "played",
                    models.BooleanField(default=False, help_text="from a recording, on a demonstration site"),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.reading",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "indexes": [models.Index(fields=["session", "at"], name="reading_session_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="reading_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reading_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                (
                    "what",
                    models.CharField(
                        choices=[("hold", "Hold"), ("move", "Move"), ("keep", "Keep"), ("cancel", "Cancel")],
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No Show"),
                            ("overran", "Overran"),
                            ("ended", "Ended"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                (
                    "was_from",
                    models.DateTimeField(
                        blank=True, help_text="when `cause` was before it changed", null=True
                    ),
                ),
                ("suggested_from", models.DateTimeField(blank=True, null=True)),
                ("suggested_to", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("other_time", "Other Time"),
                            ("declined", "Declined"),
                            ("superseded", "Superseded"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="records.course",
                    ),
                ),
                (
                    "from_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="records.proposal",
                    ),
                ),
                (
                    "to_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="records.session",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.session"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("about",),
                        name="proposal_one_open_a_session",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="proposal_answered_or_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suggested_from", None),
                            ("suggested_to__gt", models.F("suggested_from")),
                            _connector="OR",
                        ),
                        name="proposal_suggests_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prompt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("level", models.CharField(max_length=10)),
                ("signal", models.CharField(max_length=12)),
                ("value", models.CharField(blank=True, max_length=40)),
                ("rule", models.CharField(max_length=40)),
                ("because", models.CharField(max_length=300)),
                ("action", models.CharField(blank=True, max_length=300)),
                ("line", models.JSONField(default=dict)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.prompt",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prompts",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="prompt_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="prompt_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreparationPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("intentions", models.TextField(blank=True)),
                ("expectations", models.TextField(blank=True)),
                (
                    "comfort",
                    models.TextField(blank=True, help_text="what helps: music, light, blanket, who is near"),
                ),
                ("worries", models.TextField(blank=True)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.preparationplan",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preparations",
                        to="records.course",
                    ),
                ),
                (
                    "handed_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed",
                        to="records.preparationplan",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preparations",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="preparationplan_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="preparationplan_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("route", models.CharField(max_length=20)),
                ("mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("mg_per_kg", models.DecimalField(decimal_places=3, max_digits=6, null=True)),
                ("weight_kg", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ("duration_min", models.PositiveSmallIntegerField(null=True)),
                ("concentration_mg_per_ml", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("ml", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                (
                    "arithmetic",
                    models.JSONField(default=list, help_text="line by line, as shown to those who check it"),
                ),
                ("level", models.CharField(max_length=10)),
                ("verdict", models.JSONField()),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.order",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="order_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="order_correction_has_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("mg__gt", 0)), name="order_some"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "page",
                    models.CharField(
                        choices=[("note", "Note"), ("preparation", "Preparation")], max_length=12
                    ),
                ),
                ("words", models.JSONField(default=dict, help_text="field of the form: what stood in it")),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "unshared",
                    models.BooleanField(default=False, help_text="refused because sharing had stopped"),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note_drafts",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note_drafts",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("author", "organisation", "page", "session"), name="note_draft_once_a_session"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("session", None)),
                        fields=("author", "organisation", "page", "course"),
                        name="note_draft_once_a_course",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NextDayCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("reached", models.BooleanField()),
                ("answers", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list)),
                ("words", models.CharField(blank=True, max_length=2000)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.nextdaycall",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_day_calls",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="nextdaycall_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="nextdaycall_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Held",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "dose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="held", to="records.session"
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_for",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GoAhead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("rule", models.CharField(max_length=20)),
                ("level", models.CharField(max_length=10)),
                ("because", models.CharField(max_length=500)),
                ("words", models.CharField(max_length=500)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.goahead",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="go_aheads",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="goahead_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="goahead_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escort",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("name", models.CharField(max_length=200)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("relation", models.CharField(blank=True, max_length=80)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.escort",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escorts",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="escort_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="escort_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("concentration_mg_per_ml", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("ml", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("mg", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "arithmetic",
                    models.JSONField(default=list, help_text="line by line, as shown to the second person"),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.draw",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="records.order"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="draw_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="draw_correction_has_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("mg__gt", 0)), name="draw_some"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discharge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("items", models.JSONField()),
                ("level", models.CharField(max_length=10)),
                ("escort_name", models.CharField(max_length=200)),
                ("identified", models.CharField(blank=True, max_length=40)),
                ("instructions", models.CharField(blank=True, max_length=80)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.discharge",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discharges",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="discharge_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="discharge_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("question", models.CharField(max_length=20)),
                ("value", models.JSONField(default=dict)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.dayanswer",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="day_answers",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="dayanswer_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dayanswer_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("proof", models.CharField(default="sign_in", max_length=20)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.confirmation",
                    ),
                ),
                (
                    "draw",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="records.draw",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="records.order",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="confirmation_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="confirmation_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Administration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.administration",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="administrations",
                        to="records.order",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="administrations",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="administration_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="administration_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("at")), _connector="OR"
                        ),
                        name="administration_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No Show"),
                            ("overran", "Overran"),
                        ],
                        max_length=10,
                    ),
                ),
                ("was_from", models.DateTimeField()),
                ("was_to", models.DateTimeField()),
                ("now_from", models.DateTimeField()),
                ("now_to", models.DateTimeField()),
                ("words", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SessionNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("focus", models.TextField()),
                ("agreed", models.TextField(blank=True, help_text="what was agreed until next time")),
                (
                    "for_clinic",
                    models.TextField(
                        blank=True, help_text="one line the clinic should know before the next dose"
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.sessionnote",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="sessionnote_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sessionnote_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionPart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                ("in_at", models.DateTimeField()),
                ("out_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SessionSummary",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField()),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.sessionsummary",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="summaries",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="sessionsummary_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sessionsummary_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("shared_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.course"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="records.journalentry",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "to_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-shared_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("reader", models.F("to_person"))),
                            models.Q(("ended_at__isnull", False), ("reader", None)),
                            _connector="OR",
                        ),
                        name="sharedentry_reader_while_shared",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("entry", "to_organisation", "to_person"),
                        name="sharedentry_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="records.sharedentry",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("sha256", models.CharField(max_length=64)),
                ("typed_name", models.CharField(max_length=200)),
                (
                    "known_by",
                    models.CharField(
                        help_text="how the signer was known, as in 'link and birth date'", max_length=60
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.signature",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="records.course",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="records.documentversion",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="signature_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="signature_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("one", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("demonstration", models.BooleanField()),
                ("born_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("one", True)), name="site_only_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="SmallThing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("text", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("ticked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_things",
                        to="records.course",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_things",
                        to="records.person",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(help_text="a short code, unique with what it is about", max_length=40),
                ),
                ("text", models.CharField(max_length=300)),
                ("role", models.CharField(help_text="whose list it is on", max_length=20)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("level", models.CharField(blank=True, max_length=2)),
                ("goes_on_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="records.course",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="records.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)),
                        fields=("course", "what", "session"),
                        name="task_once_a_session",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None), ("session", None)),
                        fields=("course", "what"),
                        name="task_once_a_course",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TouchAgreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("hand", "hand"),
                            ("hand_or_shoulder", "hand_or_shoulder"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True, help_text="in the patient's own words: where, how, and what not"
                    ),
                ),
                ("stop_word", models.CharField(blank=True, max_length=60)),
                (
                    "holds_for",
                    models.CharField(blank=True, help_text="whom it holds for; nobody else", max_length=200),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.touchagreement",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touch_agreements",
                        to="records.course",
                    ),
                ),
                (
                    "handed_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed",
                        to="records.touchagreement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touch_agreements",
                        to="records.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="touchagreement_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="touchagreement_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadedDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("ecg", "Ecg"),
                            ("labs", "Labs"),
                            ("pregnancy_test", "Pregnancy Test"),
                            ("pdmp", "Pdmp"),
                            ("letter", "Letter"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "file_name",
                    models.CharField(help_text="as it was called where it came from", max_length=200),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "content",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="records.documentcontent",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.uploadeddocument",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="uploadeddocument_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="uploadeddocument_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("link", "link"),
                            ("device", "device"),
                            ("system", "system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(help_text="when it was so")),
                ("recorded_at", models.DateTimeField(help_text="when it was written down")),
                ("source", models.CharField(default="person", max_length=20)),
                ("withdrawn", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("confirmed", models.BooleanField(default=True)),
                (
                    "key",
                    models.CharField(help_text="as in 'hcg', 'weight_kg', 'cssrs_recent'", max_length=40),
                ),
                ("value", models.CharField(max_length=60)),
                ("unit", models.CharField(blank=True, max_length=20)),
                (
                    "by_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.result",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        help_text="the paper it was read from",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="records.uploadeddocument",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "recorded_at", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", False), ("corrects__isnull", False), _connector="OR"
                        ),
                        name="result_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="result_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("target_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="windows",
                        to="records.course",
                    ),
                ),
                (
                    "dose",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="window",
                        to="records.session",
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keeps_windows",
                        to="records.session",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target_at__gte", models.F("opens_at")), ("closes_at__gt", models.F("target_at"))
                        ),
                        name="window_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="link",
                        serialize=False,
                        to="records.event",
                    ),
                ),
                ("chain", models.CharField(max_length=36)),
                ("place", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["chain", "place"],
                "constraints": [models.UniqueConstraint(fields=("chain", "place"), name="chain_place_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("patient", "organisation", "to_organisation", "to_person"),
                name="grant_once_to_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None), ("to_person", None)),
                fields=("patient", "organisation", "to_organisation"),
                name="grant_once_to_a_practice",
            ),
        ),
    ]
