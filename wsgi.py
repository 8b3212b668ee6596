"""The application for a WSGI server: `gunicorn wsgi:app`."""

import os

from assetlib.app import create_app
from assetlib.settings import Settings

app = create_app(Settings.from_env(os.environ))
