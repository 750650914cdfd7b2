"""How Plusofon Admin is configured and served."""

__version__ = "0.1.0"  # as in pyproject.toml
