"""One person texting a whole bot in one process: real content, real service, keywords or any
classifier; memory for everything outside."""

from __future__ import annotations

from bot.adapters.memory import (
    ManualClock,
    MemoryStore,
    QuietMeter,
    RecordingJobs,
    RecordingMessenger,
)
from bot.adapters.vault import AesVault, new_key
from bot.core.library import Library
from bot.core.model import Channel, Conversation, Inbound, OptOut, Prediction
from bot.delivery import Delivery
from bot.desk import Desk
from bot.ports import Classifier, Store, ThreadEntry, Unavailable, Vault
from bot.service import Service, Turned


class NoModel:
    """The language model is down; words and menus must do."""

    def classify(self, text: str) -> Prediction:
        raise Unavailable("nlu")


class Bot:
    """Everything but the doors.

    `says` posts a text and takes the turn; `texts` are what went out since the last look.
    """

    def __init__(
        self,
        library: Library,
        classifier: Classifier | None = None,
        store: Store | None = None,
        vault: Vault | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.store = store or MemoryStore()
        self.vault = vault or AesVault([new_key()], new_key())
        self.jobs, self.meter, self.messenger = RecordingJobs(), QuietMeter(), RecordingMessenger()
        self.service = Service(
            self.store,
            classifier or NoModel(),
            self.vault,
            self.clock,
            self.jobs,
            self.meter,
            library,
        )
        self.delivery = Delivery(self.store, self.messenger, self.clock, self.jobs, self.meter)
        self.desk = Desk(self.store, self.clock, self.jobs, self.meter, library)
        self._count = 0
        self._seen = 0

    def accept(
        self,
        text: str,
        address: str = "+15550100",
        opt_out: OptOut | None = None,
        media: int = 0,
        number: int | None = None,
    ) -> None:
        if number is None:
            self._count += 1
            number = self._count
        channel = Channel.WHATSAPP if address.startswith("whatsapp:") else Channel.SMS
        self.service.accept(
            Inbound(f"SM{number:032x}", address, text, channel, self.clock.now(), media, opt_out)
        )

    def says(
        self,
        text: str,
        address: str = "+15550100",
        opt_out: OptOut | None = None,
        media: int = 0,
    ) -> list[Turned]:
        self.accept(text, address, opt_out, media)
        texter = self.vault.texter_id(address)
        taken = self.service.take_turns(texter)
        self.delivery.deliver(texter)
        return taken

    def names(self, text: str, address: str = "+15550100") -> list[str]:
        """Names of the messages that answer this text."""
        return [
            send.message for turned in self.says(text, address) for send in turned.outcome.sends
        ]

    def texts(self) -> list[str]:
        fresh = [text for _, text in self.messenger.sent[self._seen :]]
        self._seen = len(self.messenger.sent)
        return fresh

    def here(self, address: str = "+15550100") -> Conversation:
        conversation = self.store.load(self.vault.texter_id(address)).conversation
        assert conversation is not None
        return conversation

    def thread(self, address: str = "+15550100") -> list[ThreadEntry]:
        return list(self.store.thread(self.vault.texter_id(address)))
