"""Where this service's time per message goes: `.venv/bin/python -m bench.breakdown`.

Starts this service alone, sends texts as bench.end_to_end does, once one at a time and once eight
at a time, and prints answer times, processor time of each process, and the commands that Redis was
given. `--set NAME=VALUE` changes a setting of all processes, to see what it does.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

import psutil
import redis

from bench.contenders import Bot, Line, Processors
from bench.figures import figures
from bench.messages import passes, sample
from dev.nlu_environment import say
from dev.redis_server import free_port
from dev.stack import DEFAULT_PORTS, Stack

IDLE_SECONDS = 5.0
#: How the processes of the Procfile, and what else runs, are told apart.
SIGNS = {
    "web": "webhooks:",
    "console": "console:",
    "worker": "bot.jobs",
    "clock": "bot.clock",
    "nlu": "serve.py",
    "redis": "redis-server",
    "line": "bench.line",
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--messages", type=int, default=90)
    asked.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    more = dict(setting.split("=", 1) for setting in options.set)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            stack = Stack(Path(folder), {name: free_port() for name in DEFAULT_PORTS}, say, more)
            stack.commands["simulator"] = ".venv/bin/python -m bench.line"
            with stack:
                print(_idle(stack), flush=True)
                for concurrency in (1, 8):
                    print(_look(stack, options.messages, concurrency), flush=True)
    except KeyboardInterrupt:
        sys.exit("Interrupted; all stopped.")


def _idle(stack: Stack) -> str:
    """What waiting costs: a short `dramatiq_worker_timeout` is paid for here."""
    trees = {name: Processors(found) for name, found in _named().items()}
    before = {name: tree.seconds() for name, tree in trees.items()}
    client = redis.Redis.from_url(stack.redis.url)
    commands = client.info("stats")["total_commands_processed"]
    time.sleep(IDLE_SECONDS)
    commands = client.info("stats")["total_commands_processed"] - commands
    shares = ", ".join(
        f"{name} {(tree.seconds() - before[name]) / IDLE_SECONDS:.1%}"
        for name, tree in trees.items()
    )
    return f"Idle, of one core: {shares}; {commands / IDLE_SECONDS:.0f} Redis commands a second"


def _look(stack: Stack, messages: int, concurrency: int) -> str:
    bot = Bot(stack, Line(stack))
    client = redis.Redis.from_url(stack.redis.url)
    trees = {name: Processors(found) for name, found in _named().items()}
    cpu = dict.fromkeys(trees, 0.0)
    calls: dict[str, int] = {}
    timings = []
    batches = passes(sample(messages))
    bot.prepare(batches[0])
    bot.run(batches[0], concurrency)
    for batch in batches:
        bot.prepare(batch)
        before = {name: tree.seconds() for name, tree in trees.items()}
        client.config_resetstat()
        timings.append(bot.run(batch, concurrency))
        for command, stat in client.info("commandstats").items():
            name = command.removeprefix("cmdstat_")
            calls[name] = calls.get(name, 0) + stat["calls"]
        for name, tree in trees.items():
            cpu[name] += tree.seconds() - before[name]
    found = figures(timings, 0.0, 0.0)
    often = sorted(calls.items(), key=lambda item: -item[1])
    speed = (
        f"{found.rate:.1f} a second, p50 {found.p50 * 1000:.0f} ms, p99 {found.p99 * 1000:.0f} ms"
    )
    processors = ", ".join(f"{name} {spent * 1000 / messages:.1f}" for name, spent in cpu.items())
    commands = ", ".join(
        f"{name} {count / messages:.1f}" for name, count in often if count / messages >= 0.5
    )
    return (
        f"\n{messages} messages, {concurrency} in flight: {speed}, {found.texts:.2f} texts each\n"
        f"Processor ms per message: {processors}\n"
        f"Redis commands per message: {sum(calls.values()) / messages:.1f}, of these {commands}"
    )


def _named() -> dict[str, list[psutil.Process]]:
    found: dict[str, list[psutil.Process]] = {}
    for process in psutil.Process().children():
        words = " ".join(process.cmdline())
        name = next((name for name, sign in SIGNS.items() if sign in words), "other")
        found.setdefault(name, []).append(process)
    return found


if __name__ == "__main__":
    main()
