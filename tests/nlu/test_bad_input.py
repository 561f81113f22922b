"""Whatever people send: never an exception, never a confident wrong intent."""

from __future__ import annotations

import json

import pytest

#: From this confidence on the bot answers without asking back (bot.core.model.Thresholds.sure).
SURE = 0.5

NOTHING_TO_READ = [
    "",
    " ",
    "\n\t\r",
    "\u200b\u200d\ufeff",
    "\u202e\u202c",
    "…",
    "!!!",
    "\x00\x01",
]
EMOJI = ["🦩🦩🦩", "👨‍👩‍👧‍👦", "🇭🇹🇨🇺", "😭😭😭😭", "❤️🙏🏽"]
LONGEST = [
    "x" * 1600,
    "а" * 1600,
    "字" * 1600,
    "😀" * 800,
    "a b " * 400,
    "\u0301" * 1600,
    "ice is at my door " * 88,
    "((((" * 400,
    "1" * 1600,
]
CONTROL = [
    "i need\x00 a lawyer",
    "\x1b[31mi need a lawyer\x1b[0m",
    "i need a\x07 lawyer\x7f",
    "\u202ei need a lawyer",
    "i\u200bneed a lawyer",
    "i need a lawyer\ud800",
    "i need a \r\n lawyer",
]
MIXED = [
    "i need адвокат 律师 محامي",
    "ICE 在 my puerta ahora",
    "ΑΒΓ 移民 प्रवास help",
    "ｎｅｅｄ ｌａｗｙｅｒ",
    "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
]
#: Languages that we do not offer: "I need help with my papers", "where is my brother?" and such.
NOT_OFFERED = {
    "Wolof": [
        "dama soxla ndimbal ngir samay kayit",
        "sama mag mu ngi fan?",
        "sama doom ji dafa feebar lool",
    ],
    "Ukrainian": ["мій брат під вартою, що йому їсти дають", "чи потепліє завтра у Львові?"],
    "Georgian": ["დახმარება მჭირდება საბუთებთან", "სად არის ჩემი ძმა?", "გამარჯობა როგორ ხარ"],
    "Amharic": ["እርዳታ እፈልጋለሁ", "ወንድሜ የት ነው"],
    "Thai": ["ฉันต้องการความช่วยเหลือ", "พี่ชายของฉันอยู่ที่ไหน"],
    "Greek": ["χρειάζομαι βοήθεια με τα χαρτιά μου"],
    "Vietnamese": ["toi can giup do voi giay to cua toi", "anh trai tôi đang ở đâu vậy"],
    "Quechua": ["wawqiyta maskachkani, maypitaq kachkan", "yanapaway ama hina kaspa"],
}


@pytest.mark.parametrize("text", NOTHING_TO_READ, ids=repr)
def test_nothing_to_read_has_no_intent_and_no_language(parse, text):
    answer = parse(text)
    assert answer["intent"] == {"name": None, "confidence": 0.0}
    assert answer["intent_ranking"] == []
    assert answer["language"] == {"name": None, "confidence": 0.0}


@pytest.mark.parametrize("text", EMOJI)
def test_emoji_alone_have_no_language(parse, text):
    assert parse(text)["language"]["name"] is None


@pytest.mark.parametrize("text", [*LONGEST, *MIXED], ids=lambda text: repr(text[:12]))
def test_every_answer_is_whole(parse, text):
    answer = parse(text[:1600])
    shares = [entry["confidence"] for entry in answer["intent_ranking"]]
    assert shares == sorted(shares, reverse=True)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert 0.0 <= answer["language"]["confidence"] <= 1.0
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize(
    "text", ["x" * 1600, "а" * 1600, "字" * 1600, "1" * 1600, "\u0301" * 1600, "((((" * 400]
)
def test_long_nonsense_is_no_sure_topic(parse, text):
    answer = parse(text)
    assert answer["intent"]["confidence"] < SURE or answer["intent"]["name"] == "out_of_scope"


@pytest.mark.parametrize("text", CONTROL, ids=repr)
def test_what_cannot_be_seen_changes_nothing(parse, text):
    assert parse(text)["intent"]["name"] == "find_lawyer"


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in NOT_OFFERED.items() for text in texts]
)
def test_a_language_that_is_not_offered_has_no_sure_topic(parse, language, text):
    answer = parse(text)
    sure = answer["intent"]["confidence"] >= SURE
    assert not sure or answer["intent"]["name"] == "out_of_scope", answer["intent"]


@pytest.mark.parametrize(
    ("language", "text"),
    [(n, t) for n in ("Wolof", "Georgian", "Amharic", "Thai", "Greek") for t in NOT_OFFERED[n]],
)
def test_a_language_that_is_not_offered_does_not_pass_for_ours(parse, language, text):
    assert parse(text)["language"]["confidence"] < 0.7, parse(text)["language"]
