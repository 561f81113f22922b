"""The machines' door: the Flask app that Twilio calls."""

from webhooks.app import create_app, create_app_from_environment

__all__ = ["create_app", "create_app_from_environment"]
