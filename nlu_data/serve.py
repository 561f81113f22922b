"""Serves the trained model by Rasa's own HTTP server: `.venv-nlu/bin/python nlu_data/serve.py` (see
Procfile).

    POST /model/parse?token=...   {"text": "..."}  ->  intent, intent_ranking, language
    GET  /status?token=...                         ->  which model is loaded

Settings, from the environment: NLU_TOKEN (required), NLU_PORT (5005), NLU_MODEL (models/nlu.tar.gz
beside this file). Listens on this machine only, logs no message, reports to nobody, and offers none
of Rasa's other addresses: with the token alone those would let a caller load any model or read any
conversation.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "components"))

from rights_nlu.quiet import be_quiet  # noqa: E402

HOST = "127.0.0.1"
OFFERED = {"/", "/version", "/status", "/model/parse"}
# A message has at most 1,600 characters, of up to 12 bytes each when JSON escapes them.
LARGEST_REQUEST_BYTES = 64_000
SHUTDOWN_SECONDS = 3.0
LOOP_STARTS_WITHIN_SECONDS = 0.1


class Refusal(Exception):
    """The server must not start; the message says why and what to do."""


def settings() -> tuple[str, int, Path]:
    """Return token, port and model archive. Raises Refusal naming everything that is wrong at
    once.
    """
    token = os.environ.get("NLU_TOKEN", "").strip()
    port = os.environ.get("NLU_PORT", "").strip() or "5005"
    model = Path(os.environ.get("NLU_MODEL", "").strip() or HERE / "models" / "nlu.tar.gz")
    problems = []
    if not token:
        problems.append(
            "NLU_TOKEN must be set, to a long random secret: without it anybody could ask."
        )
    if not port.isdigit() or not 0 < int(port) < 65536:
        problems.append("NLU_PORT must be a port number.")
    if not model.is_file():
        problems.append(f"There is no trained model at {model}. Remedy: make train")
    if problems:
        raise Refusal("\n".join(problems))
    return token, int(port), model


def serve(token: str, port: int, model: Path) -> None:
    """Load and prove the model, then answer until SIGTERM or SIGINT. Raises Refusal when the model
    is unsound.
    """
    from rasa.core.agent import Agent
    from rasa.core.run import configure_app
    from rasa.utils.log_utils import configure_structlog
    from rights_nlu.proof import BrokenModel, known_sentences, prove
    from rights_nlu.straight import run_straight
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import HTTPResponse, empty

    configure_structlog(logging.WARNING)
    # Rasa would log pages about a broken file before it raises; one line below says why.
    logging.disable(logging.CRITICAL)
    try:
        agent = run_straight(Agent.load(str(model)))
        milliseconds = prove(agent, known_sentences(HERE))
    except BrokenModel as problem:
        raise Refusal(f"{model} is no sound model. Remedy: make train\n{problem}") from problem
    except Exception as problem:  # a damaged archive fails in as many ways as there are parts in it
        reason = f"{type(problem).__name__}: {problem}"
        raise Refusal(f"{model} cannot be loaded. Remedy: make train\n{reason}") from problem
    logging.disable(logging.NOTSET)

    async def only_what_is_offered(request: Request) -> HTTPResponse | None:
        return None if request.path in OFFERED else empty(status=404)

    def announce(app: Sanic) -> None:
        if app.is_stopping:
            # Sanic forgets a SIGTERM between its start and its loop, and ignores the next
            asyncio.get_event_loop().stop()
            return
        speed = f"{milliseconds:.1f} ms a message"
        print(f"nlu: ready on {HOST}:{port}, {speed}", file=sys.stderr, flush=True)

    async def announce_soon(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_later(LOOP_STARTS_WITHIN_SECONDS, announce, app)

    app = configure_app(auth_token=token, server_listeners=[(announce_soon, "after_server_start")])
    app.ctx.agent = agent
    app.register_middleware(only_what_is_offered, "request")
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS
    logging.getLogger("sanic.root").setLevel(logging.WARNING)
    app.run(host=HOST, port=port, workers=1, access_log=False, debug=False, motd=False)


def main() -> None:
    """Check the settings, serve; exit with 1 and the reason on standard error when that must not
    be.
    """
    be_quiet()
    try:
        serve(*settings())
    except Refusal as refusal:
        sys.exit(f"nlu: refusing to start.\n{refusal}")


if __name__ == "__main__":
    main()
