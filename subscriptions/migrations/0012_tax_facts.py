from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0011_discounts_given")]

    operations = []
