"""The advocates' door: a Flask app with its own origin, cookies and secrets."""

from console.app import create_app, create_app_from_environment

__all__ = ["create_app", "create_app_from_environment"]
