"""The application for a WSGI server: `gunicorn wsgi:app`."""

import os

from assetlib.app import create_app
from assetlib.keeping.starting import must_be_startable
from assetlib.settings import Settings

settings = Settings.from_env(os.environ)
must_be_startable(settings)
app = create_app(settings)
