"""Where the migrations lie, and how Alembic is told."""

from alembic.config import Config

from assetlib.places import MIGRATIONS


def alembic_config(url: str) -> Config:
    """Alembic's settings for the database at this address."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
