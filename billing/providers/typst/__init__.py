"""Bills as PDF, typeset by Typst from the template of their version."""

from .rendering import UnknownTemplate, render

__all__ = ["UnknownTemplate", "render"]
