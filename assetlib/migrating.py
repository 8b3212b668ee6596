"""Where the migrations lie, and how Alembic is told."""

from pathlib import Path

from alembic.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's settings for the database at this address."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
