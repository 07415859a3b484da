
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_the_clock_reads_no_rows'),
        ('enterprises', '0001_initial'),
        ('hazards', '0001_initial'),
        ('risks', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='hazard',
            name='hazards_by_time',
        ),
        migrations.RemoveIndex(
            model_name='hazard',
            name='hazards_to_cancel',
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(fields=['-found_at', '-case', 'region', 'number', 'title', 'post', 'found_by'], name='hazards_by_time'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(fields=['cause', '-found_at', '-case', 'region'], name='hazards_of_a_cause'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(fields=['closed_at', 'region', '-found_at', '-case'], name='hazards_by_end'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['cancel_by', 'region', '-found_at', '-case', 'is_open'], name='hazards_to_cancel'),
        ),
    ]
