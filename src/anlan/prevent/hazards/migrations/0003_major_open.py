from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_the_clock_reads_no_rows'),
        ('enterprises', '0001_initial'),
        ('hazards', '0002_a_million_rows'),
        ('risks', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='hazard',
            name='hazards_major_open',
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(condition=models.Q(('is_open', True), ('level', 1)), fields=['level', '-found_at', '-case', 'region', 'is_open'], name='hazards_major_open'),
        ),
    ]
