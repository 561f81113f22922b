"""A stand-in for Twilio on loopback, and a phone in the browser. Never deployed.

It speaks Twilio's REST API and calls the bot's webhooks, signed; the bot cannot tell it from
Twilio, and this package knows nothing of the bot. Start it with `python -m simulator`.
"""

from simulator.app import create_app
from simulator.settings import BadSettings, Settings, read_settings

__all__ = ["BadSettings", "Settings", "create_app", "read_settings"]
