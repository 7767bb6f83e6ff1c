"""The admin app with our own site in it; stands in INSTALLED_APPS instead of `django.contrib.admin`."""

from django.contrib.admin.apps import AdminConfig


class OperatorsAdminConfig(AdminConfig):
    """See `OperatorsAdminSite`."""

    default_site = "portal.people.admin_site.OperatorsAdminSite"
