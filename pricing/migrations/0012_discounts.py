from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0011_plan_conditions")]

    operations = []
