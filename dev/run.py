"""`make run`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dev.processes import Died  # noqa: E402
from dev.stack import DEFAULT_PORTS, Stack  # noqa: E402


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=ROOT / ".data", help="where all is kept")
    asked.add_argument("--first-port", type=int, help="four ports from here, not the usual ones")
    options = asked.parse_args()
    ports = dict(DEFAULT_PORTS)
    if options.first_port:
        ports = {name: options.first_port + n for n, name in enumerate(DEFAULT_PORTS)}
    if busy := [str(port) for port in ports.values() if _taken(port)]:
        sys.exit(f"Port {', '.join(busy)} is in use on this machine; is another `make run` up?")
    # SIGINT too: a shell that starts us in the background has it ignored
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _as_interrupt)
    _say("Training the language model if its data changed ...")
    if subprocess.run([sys.executable, "dev/train.py"], cwd=ROOT).returncode:
        sys.exit(1)
    try:
        with Stack(options.data, ports, _say) as stack:
            _announce(stack)
            try:
                while True:
                    stack.processes.look()
                    time.sleep(0.5)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                _say("\nStopping ...")
    except KeyboardInterrupt:
        pass
    except (Died, TimeoutError) as error:
        _say(f"\n{error}\nLogs are in {options.data / 'logs'}.")
        sys.exit(1)
    finally:
        _say("All stopped.")


def _announce(stack: Stack) -> None:
    _say(
        f"""
Ready.

  phone     {stack.url("simulator")}/
  console   {stack.url("console")}/
            sign in once as "demo": {stack.sign_in_link()}
  webhook   {stack.url("web")}/twilio/message

Text the bot from the phone, ask for a person, and answer from the console.
Everything runs on this machine; nobody is really texted. Ctrl-C stops it all."""
    )


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
