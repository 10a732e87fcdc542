from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0004_paid_in_advance")]

    operations = []
