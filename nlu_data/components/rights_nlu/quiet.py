"""Keeps Rasa and TensorFlow from calling home, from pages of notices, and from writing messages into logs.

Import this before anything of Rasa. Standard library only.
"""

import os
import warnings

# Rasa reports to its makers unless told not to; TensorFlow prints pages about processors and drivers.
# Rasa's own cache of half-trained parts is not needed beside the one of dev/train.py.
SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


def be_quiet() -> None:
    """Set the variables and silence warnings, for this process and those it starts."""
    os.environ.update(SETTINGS)
    warnings.simplefilter("ignore")
