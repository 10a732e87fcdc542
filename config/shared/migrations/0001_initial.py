import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        InOneStep(
            operations=[
                migrations.CreateModel(
                    name='FormToken',
                    fields=[
                        ('token', models.UUIDField(primary_key=True, serialize=False)),
                        ('used_at', models.DateTimeField(auto_now_add=True)),
                        ('answer', models.CharField(blank=True, help_text='Where the first POST led to.', max_length=500)),
                    ],
                ),
                migrations.CreateModel(
                    name='NumberSeries',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=40, unique=True)),
                        ('prefix', models.CharField(blank=True, max_length=12)),
                        ('width', models.PositiveSmallIntegerField(default=6)),
                        ('next_value', models.BigIntegerField(default=1)),
                        ('last_issued_on', models.DateField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name_plural': 'number series',
                    },
                ),
                migrations.CreateModel(
                    name='RunDefinition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('kind', models.CharField(help_text='Slug of a run kind named in RUN_KINDS.', max_length=60)),
                        ('state', models.CharField(choices=[('ACTIVE', 'Active'), ('INACTIVE', 'Inactive')], default='ACTIVE', max_length=8)),
                        ('criteria', models.JSONField(blank=True, default=dict, help_text='Which items the run takes.')),
                        ('defaults', models.JSONField(blank=True, default=dict, help_text='Settings of the kind.')),
                        ('description', models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='BusinessClock',
                    fields=[
                        ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                        ('offset_days', models.IntegerField(default=0, help_text='Days added to the real day.')),
                        ('moved_at', models.DateTimeField(auto_now=True)),
                        ('moved_by', models.CharField(blank=True, max_length=150)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='business_clock_single_row')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalRunDefinition',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60)),
                        ('name', models.CharField(max_length=120)),
                        ('kind', models.CharField(help_text='Slug of a run kind named in RUN_KINDS.', max_length=60)),
                        ('state', models.CharField(choices=[('ACTIVE', 'Active'), ('INACTIVE', 'Inactive')], default='ACTIVE', max_length=8)),
                        ('criteria', models.JSONField(blank=True, default=dict, help_text='Which items the run takes.')),
                        ('defaults', models.JSONField(blank=True, default=dict, help_text='Settings of the kind.')),
                        ('description', models.TextField(blank=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical run definition',
                        'verbose_name_plural': 'historical run definitions',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Run',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('scope', models.CharField(choices=[('BATCH', 'Batch'), ('INDIVIDUAL', 'Individual')], default='BATCH', max_length=10)),
                        ('as_of', models.DateField(help_text='The business day up to which the run works.')),
                        ('criteria', models.JSONField(blank=True, default=dict)),
                        ('parameters', models.JSONField(blank=True, default=dict)),
                        ('stop_after', models.CharField(blank=True, help_text='Step to stop after.', max_length=30)),
                        ('step_reached', models.CharField(blank=True, max_length=30)),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('RUNNING', 'Running'), ('PAUSED', 'Paused'), ('STOPPED', 'Stopped for review'), ('COMPLETED', 'Completed'), ('COMPLETED_WITH_ERRORS', 'Completed with errors'), ('DISCARDING', 'Discarding'), ('DISCARDED', 'Discarded'), ('CANCELLED', 'Cancelled'), ('FAILED', 'Failed')], default='DRAFT', max_length=24)),
                        ('counts', models.JSONField(blank=True, default=dict, help_text='Sums over the done chunks.')),
                        ('failure', models.TextField(blank=True)),
                        ('created_at', models.DateTimeField()),
                        ('started_at', models.DateTimeField(blank=True, null=True)),
                        ('finished_at', models.DateTimeField(blank=True, null=True)),
                        ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('definition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='shared.rundefinition')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', '-id'], name='run_kind_newest')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('scope', 'BATCH'), ('state__in', ('DRAFT', 'RUNNING', 'PAUSED', 'STOPPED', 'DISCARDING'))), fields=('definition', 'as_of'), name='run_one_live_batch')],
                    },
                ),
                migrations.CreateModel(
                    name='Schedule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('active', models.BooleanField(default=True)),
                        ('daily_at', models.TimeField(blank=True, help_text="In the operator's time zone.", null=True)),
                        ('every_minutes', models.PositiveIntegerField(blank=True, null=True)),
                        ('next_at', models.DateTimeField(blank=True, null=True)),
                        ('definition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='schedule', to='shared.rundefinition')),
                        ('last_run', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shared.run')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('daily_at', None), ('every_minutes', None), _connector='XOR'), name='schedule_daily_or_every', violation_error_message='Give either a time of day or an interval.')],
                    },
                ),
                migrations.CreateModel(
                    name='Note',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('object_id', models.BigIntegerField()),
                        ('text', models.TextField(max_length=4000)),
                        ('pinned', models.BooleanField(default=False)),
                        ('written_at', models.DateTimeField(auto_now_add=True)),
                        ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
                        ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['content_type', 'object_id'], name='note_subject')],
                    },
                ),
                migrations.CreateModel(
                    name='ParkedItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=60)),
                        ('key', models.BigIntegerField()),
                        ('label', models.CharField(help_text="The item's readable number.", max_length=120)),
                        ('step', models.CharField(blank=True, max_length=30)),
                        ('reason', models.TextField()),
                        ('parked_at', models.DateTimeField()),
                        ('released_at', models.DateTimeField(blank=True, null=True)),
                        ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parked', to='shared.run')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('kind', 'key'), name='parked_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RunChunk',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('pass_number', models.PositiveSmallIntegerField(default=1, help_text='1 for the first go, 2 for the first resume, …')),
                        ('position', models.PositiveIntegerField()),
                        ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                        ('state', models.CharField(choices=[('PENDING', 'Pending'), ('DONE', 'Done'), ('UNDONE', 'Undone')], default='PENDING', max_length=8)),
                        ('counts', models.JSONField(blank=True, default=dict)),
                        ('done_at', models.DateTimeField(blank=True, null=True)),
                        ('seconds', models.FloatField(blank=True, null=True)),
                        ('worker', models.CharField(blank=True, max_length=80)),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='shared.run')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'PENDING')), fields=['run', 'position'], name='run_chunk_pending')],
                        'constraints': [models.UniqueConstraint(fields=('run', 'pass_number', 'position'), name='run_chunk_position')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalAttachment',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('object_id', models.BigIntegerField(db_index=True)),
                        ('title', models.CharField(max_length=120)),
                        ('file', models.TextField(blank=True, max_length=120)),
                        ('file_name', models.CharField(blank=True, max_length=120)),
                        ('size_bytes', models.PositiveBigIntegerField(blank=True, null=True)),
                        ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                        ('added_at', models.DateTimeField()),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('added_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('content_type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical attachment',
                        'verbose_name_plural': 'historical attachments',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='ImportBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('kind', models.CharField(max_length=40)),
                        ('file', models.FileField(max_length=120, upload_to='')),
                        ('file_name', models.CharField(max_length=120)),
                        ('state', models.CharField(choices=[('UPLOADED', 'Waiting to be checked'), ('CHECKED', 'Checked'), ('ORDERED', 'Waiting to be applied'), ('APPLIED', 'Applied'), ('FAILED', 'Failed'), ('DISCARDED', 'Discarded')], default='UPLOADED', max_length=9)),
                        ('mode', models.CharField(blank=True, choices=[('ALL', 'All rows or none'), ('GOOD', 'Only the good rows')], max_length=4)),
                        ('failure', models.TextField(blank=True)),
                        ('row_count', models.PositiveIntegerField(default=0)),
                        ('new_count', models.PositiveIntegerField(default=0)),
                        ('changed_count', models.PositiveIntegerField(default=0)),
                        ('same_count', models.PositiveIntegerField(default=0)),
                        ('rejected_count', models.PositiveIntegerField(default=0)),
                        ('created_at', models.DateTimeField()),
                        ('checked_at', models.DateTimeField(blank=True, null=True)),
                        ('applied_at', models.DateTimeField(blank=True, null=True)),
                        ('check_seconds', models.FloatField(blank=True, null=True)),
                        ('apply_seconds', models.FloatField(blank=True, null=True)),
                        ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name_plural': 'import batches',
                    },
                ),
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('object_id', models.BigIntegerField(db_index=True)),
                        ('title', models.CharField(max_length=120)),
                        ('file', models.FileField(blank=True, max_length=120, upload_to='')),
                        ('file_name', models.CharField(blank=True, max_length=120)),
                        ('size_bytes', models.PositiveBigIntegerField(blank=True, null=True)),
                        ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                        ('added_at', models.DateTimeField()),
                        ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), models.Q(('url', ''), _negated=True)), models.Q(models.Q(('file', ''), _negated=True), ('url', '')), _connector='OR'), name='attachment_file_or_url', violation_error_message='Give a file or an address.')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.PositiveIntegerField(help_text='In the file; the head is line 1.')),
                        ('outcome', models.CharField(choices=[('NEW', 'New'), ('CHANGED', 'Changed'), ('SAME', 'Same as stored'), ('REJECTED', 'Rejected')], max_length=8)),
                        ('values', models.JSONField()),
                        ('changes', models.JSONField(default=dict)),
                        ('errors', models.JSONField(default=dict)),
                        ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='shared.importbatch')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('batch', 'line'), name='import_row_line')],
                    },
                ),
            ],
        ),
    ]
