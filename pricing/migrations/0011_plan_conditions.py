from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0010_rate_tiers")]

    operations = []
