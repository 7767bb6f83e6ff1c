"""The role that requests and errands run as."""

from django.db import migrations

from portal.kernel.row_security import APPLICATION_ROLE


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [migrations.RunSQL(APPLICATION_ROLE, migrations.RunSQL.noop)]
