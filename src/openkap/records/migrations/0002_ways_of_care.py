import django.db.models.deletion
from django.db import migrations, models

import openkap.records.ids


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="BrowserSession",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("sign_in", models.UUIDField(blank=True, db_index=True, null=True)),
                ("person", models.UUIDField(blank=True, db_index=True, null=True)),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
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
                    "part",
                    models.CharField(
                        choices=[
                            ("medical", "Medical"),
                            ("therapist", "Therapist"),
                            ("prescriber", "prescriber on site"),
                        ],
                        max_length=12,
                    ),
                ),
                ("act", models.CharField(choices=[("in", "Came"), ("out", "Went")], max_length=3)),
                ("words", models.CharField(blank=True, max_length=300)),
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
                        to="records.checkin",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
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
                        name="checkin_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="checkin_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseTherapist",
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
                        to="records.coursetherapist",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="therapists",
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.organisation",
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
                        name="coursetherapist_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="coursetherapist_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", None), ("place", None)),
                            models.Q(("person__isnull", False), ("place__isnull", False)),
                            _connector="OR",
                        ),
                        name="coursetherapist_has_a_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Departure",
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
                ("made_at", models.DateTimeField()),
                ("from_at", models.DateTimeField()),
                ("roles", models.JSONField(default=list, help_text="what ended with it")),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True, help_text="when the sign-ins here were ended", null=True
                    ),
                ),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="departures",
                        to="records.organisation",
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
                "ordering": ["-from_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None), ("taken_back_at", None)),
                        fields=("organisation", "person"),
                        name="departure_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
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
                ("enrolled_on", models.DateField()),
                ("checked_on", models.DateField()),
                ("number", models.CharField(blank=True, max_length=60)),
                ("ended", models.BooleanField(default=False)),
                ("words", models.CharField(blank=True, max_length=300)),
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
                        to="records.enrolment",
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
                        name="enrolment_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="enrolment_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscortYes",
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
                        to="records.escortyes",
                    ),
                ),
                (
                    "escort",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="yes", to="records.escort"
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
                        related_name="escort_yeses",
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
                        name="escortyes_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="escortyes_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenPart",
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
                ("number", models.PositiveSmallIntegerField()),
                ("mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("units", models.PositiveSmallIntegerField(null=True)),
                ("left", models.PositiveSmallIntegerField(null=True)),
                ("right", models.PositiveSmallIntegerField(null=True)),
                ("site", models.CharField(blank=True, default="", max_length=30)),
                ("held_min", models.PositiveSmallIntegerField(null=True)),
                (
                    "after_hold",
                    models.CharField(
                        blank=True,
                        choices=[("spat", "Spat"), ("swallowed", "Swallowed")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
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
                        to="records.givenpart",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_parts",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_parts",
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
                        name="givenpart_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="givenpart_correction_has_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("mg__gt", 0)), name="givenpart_some"),
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="givenpart_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("at")), _connector="OR"
                        ),
                        name="givenpart_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after_hold", ""), ("held_min__isnull", False), _connector="OR"),
                        name="givenpart_hold_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverAfter",
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
                ("seen", models.TextField()),
                (
                    "take_up",
                    models.TextField(
                        blank=True, help_text="what therapy might take up, and what to watch for"
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
                        to="records.handoverafter",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.course"
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
                        related_name="hand_overs_after",
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
                        name="handoverafter_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handoverafter_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverBefore",
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
                    "readiness",
                    models.CharField(
                        choices=[("ready", "Ready"), ("talk_first", "Talk First"), ("not_yet", "Not Yet")],
                        max_length=10,
                    ),
                ),
                ("intentions", models.TextField(blank=True)),
                ("concerns", models.TextField(blank=True)),
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
                        to="records.handoverbefore",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.course"
                    ),
                ),
                (
                    "handed_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed",
                        to="records.handoverbefore",
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
                        related_name="hand_overs_before",
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
                        name="handoverbefore_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handoverbefore_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverRead",
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
                    "after",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading",
                        to="records.handoverafter",
                    ),
                ),
                (
                    "before",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading",
                        to="records.handoverbefore",
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
                        to="records.handoverread",
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
                        related_name="hand_overs_read",
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
                        name="handoverread_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handoverread_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after__isnull", False), ("before", None)),
                            models.Q(("after", None), ("before__isnull", False)),
                            _connector="OR",
                        ),
                        name="handoverread_reads_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitoringForm",
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
                ("sent_on", models.DateField()),
                ("how", models.CharField(choices=[("online", "Online"), ("fax", "Fax")], max_length=10)),
                ("words", models.CharField(blank=True, max_length=300)),
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
                        to="records.monitoringform",
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
                        related_name="monitoring_forms",
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
                        name="monitoringform_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="monitoringform_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=100, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(help_text="what its task is called if it cannot be sent", max_length=40),
                ),
                ("sealed", models.BinaryField(help_text="address, subject and words, under the site's key")),
                ("made_at", models.DateTimeField()),
                (
                    "until",
                    models.DateTimeField(help_text="of no use after this: its link has ended", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("unsent", "Unsent"),
                            ("held", "Held"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="the kind of fault only, never its words", max_length=40
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_at"], name="mail_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state", "unsent")),
                        fields=["organisation", "-made_at"],
                        name="mail_unsent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="mail_ended_or_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PageVersion",
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
                ("number", models.PositiveIntegerField()),
                ("words", models.CharField(blank=True, max_length=600)),
                ("offers", models.CharField(blank=True, max_length=600)),
                ("hours", models.CharField(blank=True, max_length=300)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("asks", models.BooleanField()),
                ("crisis_number", models.CharField(blank=True, max_length=40)),
                ("crisis_words", models.CharField(blank=True, max_length=200)),
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
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="records.publicpage",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("page", "number"), name="pageversion_once")],
            },
        ),
        migrations.CreateModel(
            name="PersonWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="records.person"
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="records.nameword",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "person"), name="person_word_once")],
            },
        ),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("how", models.CharField(help_text="password, link, code or persona", max_length=20)),
                (
                    "device",
                    models.CharField(
                        blank=True, help_text="in words, as the browser says of itself", max_length=80
                    ),
                ),
                ("where", models.CharField(blank=True, max_length=100)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ins",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-began_at"],
                "indexes": [models.Index(fields=["person", "ended_at"], name="sign_in_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="sign_in_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteCertification",
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
                    "act",
                    models.CharField(choices=[("certified", "Certified"), ("ended", "Ended")], max_length=10),
                ),
                ("certified_on", models.DateField(blank=True, null=True)),
                (
                    "representative",
                    models.CharField(blank=True, help_text="who signs for the setting", max_length=200),
                ),
                (
                    "number",
                    models.CharField(blank=True, help_text="as the REMS knows this setting", max_length=60),
                ),
                ("checked_on", models.DateField()),
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
                        related_name="site_certifications",
                        to="records.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SpokenNo",
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
                        choices=[("declined", "Declined"), ("taken_back", "Taken Back")], max_length=12
                    ),
                ),
                ("said_by", models.CharField(max_length=200)),
                ("words", models.CharField(max_length=500)),
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
                        to="records.spokenno",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spoken_noes",
                        to="records.course",
                    ),
                ),
                (
                    "heard_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.person"
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
                        name="spokenno_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="spokenno_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True), models.Q(("said_by", ""), _negated=True)
                        ),
                        name="spokenno_in_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffInvitation",
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
                ("to_email", models.EmailField(max_length=254)),
                ("roles", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0, help_text="wrong codes so far")),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "words",
                    models.CharField(
                        blank=True, help_text="how it was made sure that it is them", max_length=300
                    ),
                ),
                (
                    "accepted_by",
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_invitations",
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
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        help_text="who stood beside it when a lost second factor was taken away",
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
                        name="staff_invitation_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upkeep",
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
                (
                    "id",
                    models.UUIDField(
                        default=openkap.records.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("backup", "Backup"),
                            ("restore", "Restore"),
                            ("drill", "Drill"),
                            ("keys", "Keys"),
                            ("migration", "Migration"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(help_text="when it began")),
                ("ended_at", models.DateTimeField()),
                ("good", models.BooleanField()),
                ("says", models.CharField(blank=True, max_length=400)),
                (
                    "file",
                    models.CharField(
                        blank=True, help_text="the file's name, without its folder", max_length=200
                    ),
                ),
                ("size", models.BigIntegerField(default=0, help_text="bytes")),
                ("details", models.JSONField(default=dict)),
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
            ],
            options={
                "indexes": [models.Index(fields=["what", "-at"], name="upkeep_what_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gte", models.F("at"))),
                        name="upkeep_ends_after_it_began",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WayChosen",
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
                ("protocol", models.CharField(max_length=60)),
                ("protocol_version", models.CharField(max_length=20)),
                ("model", models.CharField(max_length=20)),
                ("route", models.CharField(max_length=20)),
                ("before", models.CharField(help_text="the protocol until then", max_length=60)),
                ("route_before", models.CharField(max_length=20)),
                (
                    "decided",
                    models.BooleanField(
                        help_text="changed after the decision, and so signed by a prescriber"
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000)),
                (
                    "told",
                    models.JSONField(
                        default=dict, help_text="heading to lines, as shown before it was signed"
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
                        to="records.waychosen",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ways", to="records.course"
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
                        name="waychosen_withdraws_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="waychosen_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided", False), models.Q(("words", ""), _negated=True), _connector="OR"
                        ),
                        name="waychosen_change_has_words",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="confirmation",
            name="label",
            field=models.CharField(
                blank=True, default="", help_text="the name read on the package", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="draw",
            name="label",
            field=models.CharField(
                blank=True, default="", help_text="the name read on the package", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="draw",
            name="unit_mg",
            field=models.DecimalField(decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name="draw",
            name="units",
            field=models.PositiveSmallIntegerField(
                help_text="tablets, sprays or devices laid out", null=True
            ),
        ),
        migrations.AddField(
            model_name="journalentry",
            name="is_safety",
            field=models.BooleanField(
                default=False, help_text="what helps when it gets hard; the newest counts"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="after_hold",
            field=models.CharField(blank=True, default="", help_text="spat or swallowed", max_length=10),
        ),
        migrations.AddField(
            model_name="order",
            name="booster_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="boosters",
                to="records.order",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="hold_min",
            field=models.PositiveSmallIntegerField(help_text="under the tongue: how long to hold", null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="indication",
            field=models.CharField(blank=True, default="", help_text="esketamine: trd, mdsi", max_length=10),
        ),
        migrations.AddField(
            model_name="order",
            name="unit_mg",
            field=models.DecimalField(decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="units",
            field=models.PositiveSmallIntegerField(help_text="tablets, sprays or devices", null=True),
        ),
        migrations.AddField(
            model_name="publicpage",
            name="hours",
            field=models.CharField(
                blank=True, default="", help_text="when it is open, a line each", max_length=300
            ),
        ),
        migrations.AddField(
            model_name="publicpage",
            name="offers",
            field=models.CharField(
                blank=True, default="", help_text="what it offers, a line each", max_length=600
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["by_person", "at"], name="event_by_person_at"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["born_on"], name="person_born_on"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["organisation", "planned_from"], name="session_of_a_day"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["organisation", "state"], name="session_of_a_state"),
        ),
    ]
