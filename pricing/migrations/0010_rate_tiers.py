from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0006_freeze_usage_plans")]

    operations = []
