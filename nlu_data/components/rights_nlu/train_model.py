"""Trains a model with Rasa and proves it on the known sentences; run by dev/train.py, inside
.venv-nlu.

    python -m rights_nlu.train_model nlu_data some/folder     prints the path of the archive
"""

import logging
import sys
from pathlib import Path

from rights_nlu.quiet import be_quiet

be_quiet()

from rasa.core.agent import Agent  # noqa: E402
from rasa.model_training import train_nlu  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from rights_nlu.fitting import FittingError  # noqa: E402
from rights_nlu.proof import BrokenModel, known_sentences, prove  # noqa: E402

NAME = "nlu"


def train(project: Path, output: Path) -> Path:
    """Train on everything in `project` and return the archive, `output`/nlu.tar.gz.

    Raises RasaException or FittingError when the examples or the configuration are at fault.
    """
    output.mkdir(parents=True, exist_ok=True)
    archive = train_nlu(
        config=str(project / "config.yml"),
        nlu_data=str(project / "data"),
        output=str(output),
        fixed_model_name=NAME,
    )
    if not archive:
        raise RasaException("Rasa made no model and did not say why.")
    return Path(archive)


def main() -> None:
    """Train and prove; exits with 1 and the reason when that fails."""
    configure_structlog(logging.WARNING)
    project, output = (Path(argument).resolve() for argument in sys.argv[1:])
    # Rasa prints to standard output, which is for the answer here.
    answer, sys.stdout = sys.stdout, sys.stderr
    try:
        archive = train(project, output)
        milliseconds = prove(Agent.load(str(archive)), known_sentences(project))
    except (RasaException, FittingError, BrokenModel) as problem:
        sys.exit(f"No usable model. {problem}")
    print(
        f"The known sentences are all right, at {milliseconds:.1f} ms a message.", file=sys.stderr
    )
    print(archive, file=answer)


if __name__ == "__main__":
    main()
