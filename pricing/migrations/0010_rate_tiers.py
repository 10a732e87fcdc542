from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0004_freeze_usage_plans")]

    operations = []
