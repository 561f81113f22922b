"""Sealing and naming."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.vault import AesVault, new_key, read_key


@given(st.binary(), st.text())
def test_what_is_sealed_opens_for_the_same_purpose_only(plain: bytes, purpose: str) -> None:
    vault = AesVault([new_key()], new_key())
    sealed = vault.seal(purpose, plain)
    assert vault.open(purpose, sealed) == plain
    with pytest.raises(ValueError):
        vault.open(purpose + "x", sealed)


def test_keys_rotate() -> None:
    old, fresh, id_key = new_key(), new_key(), new_key()
    sealed = AesVault([old], id_key).seal("inbox", b"word")
    both = AesVault([fresh, old], id_key)
    assert both.open("inbox", sealed) == b"word"
    assert AesVault([fresh], id_key).open("inbox", both.seal("inbox", b"new")) == b"new"
    with pytest.raises(ValueError):
        AesVault([fresh], id_key).open("inbox", sealed)


def test_a_changed_byte_is_noticed() -> None:
    vault = AesVault([new_key()], new_key())
    sealed = bytearray(vault.seal("inbox", b"word"))
    sealed[-1] ^= 1
    with pytest.raises(ValueError):
        vault.open("inbox", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"x", b"\0" * 40])
def test_rubbish_does_not_open(sealed: bytes) -> None:
    with pytest.raises(ValueError):
        AesVault([new_key()], new_key()).open("inbox", sealed)


def test_a_texter_has_one_name_under_one_key_and_it_is_not_the_address() -> None:
    key, id_key = new_key(), new_key()
    name = AesVault([key], id_key).texter_id("+15550100")
    assert name == AesVault([new_key()], id_key).texter_id("+15550100")
    assert name != AesVault([key], new_key()).texter_id("+15550100")
    assert "5550100" not in name


def test_the_same_person_is_another_texter_on_another_channel() -> None:
    vault = AesVault([new_key()], new_key())
    assert vault.texter_id("+15550100") != vault.texter_id("whatsapp:+15550100")


@pytest.mark.parametrize("key", ["", "short", "not base64 !!", "YWJj"])
def test_a_bad_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        read_key(key)
