"""Runs `rasa` as it is, but for one thing: what it would send to Twilio goes to this machine.

Executed by the peer's own Python, with TWILIO_API_BASE_URL in the environment. Rasa's Twilio
channel makes a client of Twilio's SDK for each message and offers no setting for its address, so
the address that the SDK's domains are made with is changed here, and nothing else.
"""

import os

from rasa.__main__ import main
from twilio.base import domain

TWILIO = "https://api.twilio.com"


def redirect(base_url):
    """Make every Twilio API domain that is created from now on lead to `base_url`."""
    made = domain.Domain.__init__

    def make(self, twilio, address):
        made(self, twilio, base_url if address == TWILIO else address)

    domain.Domain.__init__ = make


if __name__ == "__main__":
    redirect(os.environ["TWILIO_API_BASE_URL"])
    main()
