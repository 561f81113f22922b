"""The worker is killed in the middle of a burst, as by a power cut, and started again:
nobody's text is lost, nobody is answered twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.core.library import Library
from dev.processes import lines
from dev.stack import Stack
from tests.story.conftest import Phones, until
from tests.texting import Bot

#: Words that need no model, so that what is expected can be said beforehand.
TEXTS = ("english", "menu")
NUMBERS = [f"+15550{n}" for n in range(300, 400)]


def expected(library: Library) -> list[str]:
    bot = Bot(library)
    for text in TEXTS:
        bot.says(text)
    return bot.texts()


def test_a_burst_of_200_survives_the_death_of_the_worker(
    stack: Stack, phones: Phones, library: Library
) -> None:
    whole = expected(library)

    def burst(number: str) -> None:
        for text in TEXTS:
            phones.text(number, text)

    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(burst, number) for number in NUMBERS]
        # in the middle: some are answered, most are not
        until(lambda: sum(bool(phones.received(number)) for number in NUMBERS[::10]) >= 2, 60)
        stack.processes.kill("worker")
        answered_at_death = sum(len(phones.received(number)) for number in NUMBERS)
        for future in sending:
            future.result()
    assert 0 < answered_at_death < len(NUMBERS) * len(whole)
    stack.processes.start("worker", lines()["worker"])
    until(lambda: all(len(phones.received(n)) >= len(whole) for n in NUMBERS), 180)
    wrong = {n: phones.received(n) for n in NUMBERS if phones.received(n) != whole}
    assert wrong == {}
