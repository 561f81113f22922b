"""What could identify a person is hidden, and questions about the leak stay readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pii import Detail, mask


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("my A# is 123 456 789", Detail.A_NUMBER),
        ("A098-765-432", Detail.A_NUMBER),
        ("a12345678 is mine", Detail.A_NUMBER),
        ("alien number 123456789", Detail.A_NUMBER),
        ("mi numero A es 098765432", Detail.A_NUMBER),
        ("А 123456789", Detail.A_NUMBER),
        ("A٠٩٨٧٦٥٤٣٢", Detail.A_NUMBER),
        ("call me +1 (555) 010-1234", Detail.PHONE),
        ("5550101234", Detail.PHONE),
        ("mi tel 555 01 01 234", Detail.PHONE),
        ("٠٥٥٥٠١٠١٢٣٤", Detail.PHONE),
        ("born 03/14/1985", Detail.BIRTH_DATE),
        ("dob 3-14-85", Detail.BIRTH_DATE),
        ("nací el 14 de marzo de 1985", Detail.BIRTH_DATE),
        ("March 14th, 1985", Detail.BIRTH_DATE),
        ("14/3/85", Detail.BIRTH_DATE),
        ("1985年3月14日", Detail.BIRTH_DATE),
        ("14 марта 1985", Detail.BIRTH_DATE),
        ("my baby was born 5 may 2021", Detail.BIRTH_DATE),
        ("write to juan.p@example.org", Detail.EMAIL),
        ("juan @ example . org", Detail.EMAIL),
        ("I live at 123 North Main Street apt 4B", Detail.ADDRESS),
        ("45 5th ave", Detail.ADDRESS),
        ("vivo en calle 8 número 120", Detail.ADDRESS),
        ("ул. Ленина 5", Detail.ADDRESS),
        ("Dallas TX 75201", Detail.ADDRESS),
        ("PO Box 1234", Detail.ADDRESS),
        ("passport K1234567", Detail.NUMBER),
    ],
)
def test_personal_details_are_hidden(text: str, detail: Detail) -> None:
    masked = mask(text)
    assert masked.found == (detail,)
    assert detail.value in masked.text
    assert not re.search(r"\d{4}", masked.text)


@pytest.mark.parametrize(
    "text",
    [
        "was I on the list of November 28, 2022?",
        "11/28/2022 and 12/7/22",
        "my hearing is 12/15/2026 at 9",
        "28 de noviembre de 2022",
        "is it true that 6,252 people were on it",
        "I got a 30 day letter in january 2023",
        "can I call 911 or 988",
        "i have 3 kids and 10 months in detention",
        "2",
        "form I-589",
        "I was there 19 november 2022, i have 2 court dates",
    ],
)
def test_questions_stay_as_they_are(text: str) -> None:
    masked = mask(text)
    assert masked.text == text
    assert masked.found == ()


def test_several_kinds_in_one_text() -> None:
    masked = mask("I am A123456789 born 3/14/1985, call 555-010-1234 after 11/28/2022")
    assert masked.text == "I am [A-number] born [birth date], call [phone] after 11/28/2022"
    assert masked.found == (Detail.BIRTH_DATE, Detail.A_NUMBER, Detail.PHONE)


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text


@given(st.text(max_size=40), st.from_regex(r"A[0-9]{9}", fullmatch=True), st.text(max_size=40))
def test_no_a_number_survives_in_any_surroundings(before: str, number: str, after: str) -> None:
    assert number not in mask(f"{before} {number} {after}").text


@given(st.from_regex(r"\+?[0-9]([ .()-]{0,2}[0-9]){9,14}", fullmatch=True))
def test_no_phone_number_survives(number: str) -> None:
    assert not re.search(r"(\d[ .()-]{0,2}){7}", mask(number).text)
