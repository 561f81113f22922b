"""The one place where the parts are put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dramatiq.brokers.redis import RedisBroker
from ruamel.yaml import YAML

from bot import observe
from bot.adapters.dramatiq_jobs import DramatiqJobs, broker
from bot.adapters.memory import SystemClock
from bot.adapters.rasa_classifier import KnownSentence, RasaClassifier
from bot.adapters.redis_part import connect
from bot.adapters.redis_store import RedisStore
from bot.adapters.twilio_messenger import TwilioMessenger
from bot.adapters.vault import AesVault
from bot.content.load import load_library
from bot.core.library import Library
from bot.core.model import Thresholds
from bot.delivery import Delivery
from bot.desk import Desk
from bot.ports import Clock, Store, Vault
from bot.service import Rules, Service
from bot.settings import BadSettings, Settings

#: Where statements come from: what SOURCE tells (docs/decisions).
FACT_SHEET = Path("docs/facts.md")
KNOWN_SENTENCES = Path("nlu_data/known_sentences.yml")


@dataclass(frozen=True)
class Parts:
    """Everything a door needs, built once per process."""

    settings: Settings
    store: Store
    vault: Vault
    clock: Clock
    library: Library
    meter: observe.Meter
    classifier: RasaClassifier
    messenger: TwilioMessenger
    service: Service
    delivery: Delivery
    desk: Desk


def build(
    settings: Settings,
    process: str,
    queue: RedisBroker | None = None,
    library: Library | None = None,
) -> Parts:
    """Put one process together. Connects to nothing yet.

    Args:
        library: content that was loaded before; else that of the settings' folder is.

    Raises bot.content's ContentError when the content is broken, and BadSettings when it is
    a draft and drafts are not allowed.
    """
    library = library or load_library(settings.flows_dir, FACT_SHEET)
    if library.is_draft and not settings.allow_draft_content:
        raise BadSettings(
            ["ALLOW_DRAFT_CONTENT is not true, and no attorney has reviewed the content"]
        )
    library.prepare()
    # from here on nothing is written in words: what is wrong with content has been told by now
    observe.configure(process, settings.release, settings.sentry_dsn)
    meter = observe.Meter()
    clock = SystemClock()
    vault = AesVault(
        [key.get_secret_value() for key in settings.encryption_keys],
        settings.id_key.get_secret_value(),
    )
    store = RedisStore(connect(settings.redis_url), vault)
    classifier = RasaClassifier(
        settings.nlu_url,
        settings.nlu_token.get_secret_value(),
        clock,
        known_sentences(library),
    )
    messenger = TwilioMessenger(
        settings.twilio_account_sid,
        settings.twilio_auth_tokens[0].get_secret_value(),
        settings.twilio_messaging_service_sid,
        settings.twilio_from,
        f"{settings.public_url}/twilio/status",
        settings.twilio_api_base_url,
    )
    jobs = DramatiqJobs(queue or broker(settings.redis_url))
    rules = Rules(
        Thresholds(sure=settings.nlu_sure, gap=settings.nlu_gap, urgent=settings.nlu_urgent),
        settings.texts_per_minute,
    )
    return Parts(
        settings=settings,
        store=store,
        vault=vault,
        clock=clock,
        library=library,
        meter=meter,
        classifier=classifier,
        messenger=messenger,
        service=Service(store, classifier, vault, clock, jobs, meter, library, rules),
        delivery=Delivery(store, messenger, clock, jobs, meter),
        desk=Desk(store, clock, jobs, meter, library),
    )


def known_sentences(library: Library, file: Path = KNOWN_SENTENCES) -> list[KnownSentence]:
    """The sentences that prove a model, for the languages that are offered."""
    data = YAML(typ="safe", pure=True).load(file) if file.exists() else []
    found = [KnownSentence(entry["text"], entry["intent"], entry["language"]) for entry in data]
    return [sentence for sentence in found if sentence.language in library.languages]
