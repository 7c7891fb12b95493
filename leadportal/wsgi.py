"""WSGI entry point for servers such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from leadportal.common.bodies import with_lengths

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadportal.settings")
application = with_lengths(get_wsgi_application())
