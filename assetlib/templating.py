"""How templates are read in, and how they read what they are given."""

from contextlib import suppress
from importlib.metadata import version
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import BytecodeCache, FileSystemBytecodeCache, Template
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.runtime import Context


class PageTemplate(Template):
    """A template whose components are the same wherever they are brought in."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        """Jinja's own asks at each import whether somebody gave this template names that others lack.

        Nobody does here: all have those of the environment. A page of twenty components asks 120 times.
        """
        return super()._get_default_module()


class PageEnvironment(Environment):
    """Jinja, with mappings read as the records that they are on our pages."""

    template_class = PageTemplate

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`row.name`: an entry of that name, else the attribute.

        Jinja's own looks for the attribute first; on a page of 48 pictures that fails 2,000 times, and takes
        a fifth of the time in which the page is written.
        """
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates compiled by an earlier process, in a folder for temporary files that is this user's alone.

    To compile those of one page takes half a second, in each process after each start. What another version
    of assetlib or Jinja compiled is left alone: it may have been told to compile otherwise.
    """

    def __init__(self) -> None:
        super().__init__(pattern=f"assetlib-{version('assetlib')}-jinja-{version('jinja2')}-%s")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Kept if it can be: a full disk is no reason to refuse a page."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates() -> BytecodeCache | None:
    """None where there is no folder that is safe from others."""
    try:
        return CompiledTemplates()
    except (OSError, RuntimeError):
        return None


def install(app: Flask) -> None:
    """To be called before anything asks the app for its environment."""
    app.jinja_environment = PageEnvironment
    app.jinja_options = {**app.jinja_options, "bytecode_cache": compiled_templates()}
