"""Measures by five-fold cross-validation what is got right; run by dev/train.py --evaluate.

    python -m rights_nlu.evaluate nlu_data

Each sentence is judged once, by weights that saw neither it nor a copy of it. The parts are the
very ones that config.yml names. Near-duplicates in the data would flatter the figures;
dev/check_nlu_data.py finds them.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Text

from rights_nlu.quiet import be_quiet

be_quiet()

import numpy as np  # noqa: E402
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from rights_nlu.intent_and_language import (  # noqa: E402
    FOR_INTENT,
    FOR_LANGUAGE,
    IntentAndLanguage,
    fit_heads,
    rank_intents,
    tell_language,
)
from rights_nlu.language_folders import (
    LanguageFolders,
    is_composed,
    language_of,
    read_yaml,
)  # noqa: E402
from rights_nlu.linear_head import LinearHead  # noqa: E402
from rights_nlu.ngrams import Vocabulary  # noqa: E402
from rights_nlu.noise import NoiseAugmenter  # noqa: E402
from rights_nlu.sentence_featurizer import (
    SentenceFeaturizer,
    add_features,
    feature_row,
    learn_vocabulary,
)  # noqa: E402

FOLDS = 5
SEED = 20221128
SURE = 0.5  # from here the bot answers without asking back (bot.core.model.Thresholds)
URGENT_SURE = 0.25  # urgent intents among the first three that add up to this are acted on,
CALM = 0.6  # unless another intent is surer than this
LANGUAGE_SURE = 0.8  # from here a message may switch the language


class Judged(NamedTuple):
    """What one sentence is and what was predicted for it."""

    language: str
    intent: str
    ranking: List["tuple[str, float]"]
    heard_language: str
    language_confidence: float
    text: str


def _settings(config: Dict[Text, Any], component: type) -> Dict[Text, Any]:
    """Return the settings of `component`: its own defaults under what config.yml says."""
    name = f"{component.__module__}.{component.__name__}"
    written = next(dict(entry) for entry in config["pipeline"] if entry["name"] == name)
    return {**component.get_default_config(), **written}  # type: ignore[attr-defined]


def _featured(vocabulary: Vocabulary, message: Message) -> Message:
    """Return a copy of `message` with features, as SentenceFeaturizer gives them."""
    copy = Message(
        {TEXT: message.get(TEXT), INTENT: message.get(INTENT), METADATA: message.get(METADATA)}
    )
    add_features(copy, vocabulary)
    return copy


def _judge(message: Message, intents: LinearHead, languages: LinearHead, familiar: float) -> Judged:
    ranking = rank_intents(intents, feature_row(message, FOR_INTENT), 3)
    text = message.get(TEXT)
    language = tell_language(languages, feature_row(message, FOR_LANGUAGE), text, familiar)
    pairs = [(entry["name"], entry["confidence"]) for entry in ranking] or [("", 0.0)]
    return Judged(
        str(language_of(message)),
        message.get(INTENT),
        pairs,
        str(language["name"]),
        language["confidence"],
        text,
    )


def judge_all(project: Path) -> List[Judged]:
    """Return every sentence of `project` with the prediction of weights that were not trained on
    it.
    """
    config = read_yaml(project / "config.yml")
    importer = LanguageFolders(str(project / "config.yml"), None, [str(project / "data")])
    everything = importer.get_nlu_data().intent_examples
    messages = [message for message in everything if is_composed(message)]
    patterns = [message for message in everything if not is_composed(message)]
    classes = [f"{message.get(INTENT)} {language_of(message)}" for message in messages]
    noise = NoiseAugmenter(_settings(config, NoiseAugmenter))
    featurizing = _settings(config, SentenceFeaturizer)
    classifying = _settings(config, IntentAndLanguage)
    judged: List[Judged] = []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(classes, classes)
    for number, (learn, test) in enumerate(folds, start=1):
        started = time.monotonic()
        plain = TrainingData([messages[place] for place in learn] + patterns)
        learned = noise.process_training_data(plain).training_examples
        vocabulary = learn_vocabulary([message.get(TEXT) for message in learned], featurizing)
        intents, languages = fit_heads(
            [_featured(vocabulary, message) for message in learned], classifying
        )
        familiar = classifying["familiar"]
        judged += [
            _judge(_featured(vocabulary, messages[place]), intents, languages, familiar)
            for place in test
        ]
        print(
            f"fold {number} of {FOLDS}: {time.monotonic() - started:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    return judged


def _share(values: List[bool]) -> str:
    return f"{100 * float(np.mean(values)):5.1f} %" if values else "    -  "


def _columns(judged: List[Judged], urgent: "set[str]") -> Dict[str, str]:
    """Return the figures of one language, by their names, in the order of the table."""
    sure = [j for j in judged if j.ranking[0][1] >= SURE]
    danger = [j for j in judged if j.intent in urgent]
    calm = [j for j in judged if j.intent not in urgent]

    def alarmed(j: Judged) -> bool:
        first, confidence = j.ranking[0]
        weight = sum(share for name, share in j.ranking if name in urgent)
        return weight >= URGENT_SURE and (first in urgent or confidence < CALM)

    switching = [j for j in judged if j.language_confidence >= LANGUAGE_SURE]
    return {
        "sentences": f"{len(judged):7}",
        "intent right": _share([j.ranking[0][0] == j.intent for j in judged]),
        "intent among the first 3": _share(
            [j.intent in [name for name, _ in j.ranking] for j in judged]
        ),
        f"answered at {SURE} and up": _share([j.ranking[0][1] >= SURE for j in judged]),
        "  of these right": _share([j.ranking[0][0] == j.intent for j in sure]),
        "urgent: exactly that intent": _share([j.ranking[0][0] == j.intent for j in danger]),
        "urgent: some urgent intent": _share([j.ranking[0][0] in urgent for j in danger]),
        "urgent: what the bot acts on": _share([alarmed(j) for j in danger]),
        "not urgent, but taken so": _share([alarmed(j) for j in calm]),
        "language right": _share([j.heard_language == j.language for j in judged]),
        f"language wrong at {LANGUAGE_SURE} and up": _share(
            [j.heard_language != j.language for j in switching]
        ),
    }


def report(judged: List[Judged], urgent: "set[str]") -> str:
    """Return the table of figures per language, then the intents and confusions worst off."""
    languages = sorted({j.language for j in judged})
    groups = {name: [j for j in judged if j.language == name] for name in languages}
    tables = {name: _columns(group, urgent) for name, group in {**groups, "all": judged}.items()}
    lines = [f"{'':32}" + "".join(f"{name:>10}" for name in tables)]
    for row in next(iter(tables.values())):
        lines.append(f"{row:32}" + "".join(f"{table[row]:>10}" for table in tables.values()))
    by_intent = {
        name: [j.ranking[0][0] == name for j in judged if j.intent == name]
        for name in {j.intent for j in judged}
    }
    worst = sorted(by_intent, key=lambda name: float(np.mean(by_intent[name])))[:8]
    lines.append(
        "\nHardest intents: "
        + ", ".join(f"{name} {_share(by_intent[name]).strip()}" for name in worst)
    )
    mistakes = Counter((j.intent, j.ranking[0][0]) for j in judged if j.ranking[0][0] != j.intent)
    lines.append("Commonest mistakes:")
    lines += [
        f"  {count:3} x {was} taken for {heard}" for (was, heard), count in mistakes.most_common(10)
    ]
    missed = [j for j in judged if j.intent in urgent and j.ranking[0][0] not in urgent]
    lines.append(f"Urgent sentences taken for something else: {len(missed)}, among them:")
    lines += [
        f"  {j.language} {j.intent}: {j.text!r} -> {j.ranking[0][0]} {j.ranking[0][1]:.2f}"
        for j in missed[:10]
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the report for the project named on the command line."""
    project = Path(sys.argv[1]).resolve()
    taxonomy = read_yaml(project / "intents.yml")["intents"]
    urgent = {str(name) for name, about in taxonomy.items() if about.get("urgent")}
    print(report(judge_all(project), urgent))


if __name__ == "__main__":
    main()
