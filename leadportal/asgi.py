"""ASGI entry point for servers such as gunicorn."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadportal.settings")
application = get_asgi_application()
