"""Keeps Rasa from calling home, and Rasa and TensorFlow from pages of notices.

Import this before anything of Rasa. Standard library only.
"""

import logging
import os
import warnings

# Rasa reports to its makers unless told not to; TensorFlow prints pages about processors and
# drivers. One message is too small a job for several threads, whose stacks only cost memory. Rasa's
# own cache of half-trained parts is not needed beside the one of dev/train.py.
SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


def be_quiet() -> None:
    """Set the variables and silence warnings, for this process and those it starts."""
    os.environ.update(SETTINGS)
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *ignored, **also: (
        None
    )  # pyparsing switches its own warnings on again
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.ERROR)
