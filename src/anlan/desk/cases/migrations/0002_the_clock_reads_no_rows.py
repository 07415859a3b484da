
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_clock',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-is_open', 'due_at', 'kind', 'region', 'organisation', 'supervised'], name='case_clock'),
        ),
    ]
