from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0010_plan_facts")]

    operations = []
