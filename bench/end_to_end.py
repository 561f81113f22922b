"""This service beside stock Rasa, end to end, in one run on this machine.

    .venv/bin/python -m bench.end_to_end [--messages 300] [--concurrency 8] [--rounds 2]

Starts this service with all its processes, stock Rasa, and the simulator that stands for Twilio;
sends the same texts with the same number of them in flight to each contender, one contender after
the other and in turned order every other round; prints messages per second, answer times and
processor time, and how they compare with Rasa's own Twilio channel. docs/performance.md says what
the figures mean. Ends by itself; Ctrl-C ends it at any time with no process left behind.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench import peer_environment, peer_project
from bench.contenders import Bot, Contender, Line, Processors, RasaRest, RasaTwilio, Text
from bench.figures import Figures, figures, table
from bench.messages import passes, sample
from bench.peer import Peer
from dev.nlu_environment import say
from dev.processes import Died
from dev.redis_server import free_port
from dev.stack import DEFAULT_PORTS, Stack
from dev.uv import SetupError

#: So many texts go to each contender before anything is measured.
WARM_UP = 40
MOST_MESSAGES, MOST_CONCURRENCY, MOST_ROUNDS = 3000, 64, 10
IDLE_SECONDS = 2.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--messages", type=_between(1, MOST_MESSAGES), default=300)
    asked.add_argument("--concurrency", type=_between(1, MOST_CONCURRENCY), default=8)
    asked.add_argument("--rounds", type=_between(1, MOST_ROUNDS), default=2)
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        print(_measure(options.messages, options.concurrency, options.rounds), flush=True)
    except KeyboardInterrupt:
        sys.exit("Interrupted; all stopped.")
    except (Died, SetupError, psutil.Error, OSError, RuntimeError, ValueError) as error:
        sys.exit(f"The benchmark failed: {error}")


def _measure(messages: int, concurrency: int, rounds: int) -> str:
    """Start all, measure, stop all; the report."""
    batches = passes(sample(messages))
    load = os.getloadavg()[0]
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        running.callback(_stopping)
        try:
            found, idle = _run(running, folder, batches, concurrency, rounds)
        finally:
            # a second Ctrl-C must not interrupt the stopping
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
    head = f"{messages} messages, {concurrency} in flight, median of {rounds} rounds"
    return "\n\n".join([_machine(load), head, table(found, RasaTwilio.name), idle])


def _run(
    running: ExitStack, folder: Path, batches: list[list[Text]], concurrency: int, rounds: int
) -> tuple[dict[str, list[Figures]], str]:
    """Start all, in `running`, and measure; the rounds of each contender, and what idling costs."""
    python = peer_environment.ensure()
    model = peer_project.model(python)
    stack = Stack(folder / "stack", {name: free_port() for name in DEFAULT_PORTS}, say)
    stack.commands["simulator"] = ".venv/bin/python -m bench.line"
    running.enter_context(stack)
    mine = _children()
    line_processes = [one for one in mine if "bench.line" in one.cmdline()]
    peer = Peer(folder / "peer", python, model, free_port(), stack.environment)
    say("Waiting for stock Rasa ...")
    running.enter_context(peer)
    service = Processors([one for one in mine if one not in line_processes])
    rasa = Processors([one for one in _children() if one not in mine])
    line_time, line = Processors(line_processes), Line(stack)
    contenders: list[tuple[Contender, Processors]] = [
        (Bot(stack, line), service),
        (RasaRest(peer), rasa),
        (RasaTwilio(peer, line), rasa),
    ]
    idle = _idle({"this bot": service, "Rasa": rasa, "line": line_time})
    found: dict[str, list[Figures]] = {one.name: [] for one, _ in contenders}
    for contender, _ in contenders:
        say(f"Warming up: {contender.name}")
        _send(contender, batches[0][:WARM_UP], concurrency)
    for number in range(rounds):
        order = contenders if number % 2 == 0 else contenders[::-1]
        for contender, processors in order:
            say(f"Round {number + 1} of {rounds}: {contender.name}")
            found[contender.name].append(
                _round(contender, processors, line_time, batches, concurrency)
            )
    return found, idle


def _send(contender: Contender, batch: list[Text], concurrency: int) -> None:
    contender.prepare(batch)
    contender.run(batch, concurrency)


def _round(
    contender: Contender,
    processors: Processors,
    line: Processors,
    batches: list[list[Text]],
    concurrency: int,
) -> Figures:
    timings, own, others = [], 0.0, 0.0
    for batch in batches:
        contender.prepare(batch)
        own_before, line_before = processors.seconds(), line.seconds()
        timings.append(contender.run(batch, concurrency))
        own += processors.seconds() - own_before
        others += line.seconds() - line_before
    return figures(timings, own, others)


def _idle(trees: dict[str, Processors]) -> str:
    """What the contenders cost while nothing is asked of them: it burdens the others."""
    before = {name: tree.seconds() for name, tree in trees.items()}
    time.sleep(IDLE_SECONDS)
    shares = (
        f"{name} {(tree.seconds() - before[name]) / IDLE_SECONDS:.1%}"
        for name, tree in trees.items()
    )
    return f"Idle, of one core: {', '.join(shares)}"


def _machine(load: float) -> str:
    """Where and when; and a warning when others were at work (`load` before the start): then
    whoever has more processes gets more of the machine, and the ratios say little."""
    cores = len(os.sched_getaffinity(0))
    told = (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({platform.machine()}),"
        f" Python {platform.python_version()}, load average before the start {load:.1f}"
    )
    if load > cores / 2:
        told += "\nOTHER WORK WAS RUNNING: the ratios are not to be trusted."
    return told


def _children() -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process().children()
    return found


def _between(least: int, most: int) -> Callable[[str], int]:
    """An argument's type: a whole number in these bounds, so that the load is bounded."""

    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return number

    return read


def _stopping() -> None:
    say("All stopped.")


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
