"""Coming in: the right person with a fresh code, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from bot.adapters.redis_part import connect
from bot.ports import Advocate
from console import totp
from console.accounts import Accounts, issue_link
from tests.console.conftest import PASSWORD, House, Seat, with_settings

WRONG = "Name, password or code is wrong."


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", appendix B
    assert totp.code_for(secret, seconds // totp.STEP_SECONDS) == code


def test_right_name_password_and_code_lead_to_the_queue(house: House, app: Flask) -> None:
    secret, seat = house.hire("ana"), Seat(app)
    response = seat.sign_in("ana", house.code(secret))
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert seat.get("/").status_code == 200
    assert house.desk.present() == ["ana"]
    assert house.meter.counts["sign_in", (("state", "ok"),)] == 1


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_may_be_one_step_off(house: House, app: Flask, steps: int) -> None:
    secret = house.hire("ana")
    assert Seat(app).sign_in("ana", house.code(secret, steps)).status_code == 303


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_two_steps_off_is_refused(house: House, app: Flask, steps: int) -> None:
    secret = house.hire("ana")
    assert Seat(app).sign_in("ana", house.code(secret, steps)).status_code == 401


def test_all_wrong_sign_ins_look_the_same(house: House, app: Flask) -> None:
    secret = house.hire("ana")
    pages = []
    for name, password, code in (
        ("ana", "a wrong password", house.code(secret)),
        ("ana", PASSWORD, "000000" if house.code(secret) != "000000" else "000001"),
        ("ana", PASSWORD, "௧௨௩௪௫௬"),
        ("nobody", PASSWORD, house.code(secret)),
        ("", "", ""),
    ):
        seat = Seat(app)
        assert seat.sign_in(name, code, password).status_code == 401
        assert WRONG in seat.text
        pages.append(seat.text)
        assert seat.get("/").status_code == 303
    assert len(set(pages)) == 1


def test_an_unknown_name_costs_a_hash_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.hire("ana")
    accounts = Accounts(house.store, house.clock, lambda kind, what: True)
    hashed: list[str] = []
    verify = accounts._verify
    monkeypatch.setattr(accounts, "_verify", lambda h, p: hashed.append(h) or verify(h, p))
    assert accounts.check("ana", "wrong", "000000") is None
    assert accounts.check("nobody", "wrong", "000000") is None
    kinds = {each.rsplit("$", 2)[0] for each in hashed}
    assert len(hashed) == 2
    assert len(kinds) == 1
    assert kinds.pop().startswith("$argon2id$")


def test_a_code_works_once(house: House, app: Flask) -> None:
    code = house.code(house.hire("ana"))
    assert Seat(app).sign_in("ana", code).status_code == 303
    assert Seat(app).sign_in("ana", code).status_code == 401
    house.clock.forward(seconds=totp.STEP_SECONDS)
    assert Seat(app).sign_in("ana", code).status_code == 401, "still in the window, but used"


def test_an_older_code_than_the_last_one_is_refused(house: House, app: Flask) -> None:
    secret = house.hire("ana")
    assert Seat(app).sign_in("ana", house.code(secret)).status_code == 303
    assert Seat(app).sign_in("ana", house.code(secret, -1)).status_code == 401


def test_of_two_uses_of_a_code_at_once_only_one_counts(house: House) -> None:
    """Both have read that the code is unused; the second writer must still lose."""
    secret, seen = house.hire("ana"), set()

    def first_time(kind: str, what: str) -> bool:
        return not (what in seen or seen.add(what))

    before = house.store.advocate("ana")
    assert before
    accounts = Accounts(house.store, house.clock, first_time)
    assert accounts.check("ana", PASSWORD, house.code(secret))
    house.store.save_advocate(before)  # as if the other had not written yet
    assert accounts.check("ana", PASSWORD, house.code(secret)) is None


def test_a_password_set_while_somebody_signs_in_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = house.hire("ana")
    accounts = Accounts(house.store, house.clock, lambda kind, what: True)
    verify = accounts._verify

    def slow(password_hash: str, password: str) -> bool:
        house.hire("ana")
        return verify(password_hash, password)

    monkeypatch.setattr(accounts, "_verify", slow)
    assert accounts.check("ana", PASSWORD, house.code(secret)) is None
    now = house.store.advocate("ana")
    assert isinstance(now, Advocate)
    assert now.totp_secret != secret


def test_tries_for_one_name_are_limited_whoever_tries(house: House, app: Flask) -> None:
    secret = house.hire("ana")
    codes = []
    for n in range(11):
        seat = Seat(app)
        seat.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        codes.append(seat.sign_in("Ana " if n % 2 else "ana", "000000", "wrong").status_code)
    assert codes == [401] * 10 + [429]
    assert "wait 15 minutes" in seat.text
    assert seat.sign_in("ana", house.code(secret)).status_code == 429
    assert house.meter.counts["sign_in", (("state", "limited"),)] == 2


def test_tries_for_an_unknown_name_are_limited_alike(house: House, app: Flask) -> None:
    codes = [Seat(app).sign_in("nobody", "000000", "wrong").status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_tries_from_one_address_are_limited(memory_house: House) -> None:
    app = memory_house.app()
    codes = [Seat(app).sign_in(f"name{n}", "000000", "x").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]


def test_tries_from_one_ipv6_network_count_together(memory_house: House) -> None:
    app, seat = memory_house.app(), None
    for n in range(31):
        seat = Seat(app)
        seat.client.environ_base["REMOTE_ADDR"] = f"2001:db8::{n:x}"
        seat.sign_in(f"name{n}", "000000", "x")
    assert seat
    assert seat.code == 429


def test_the_limiter_writes_no_name_or_address(house: House, app: Flask, redis_url: str) -> None:
    house.hire("ana")
    Seat(app).sign_in("ana", "000000", "wrong")
    names = [key.decode() for key in connect(redis_url).keys("*LIMITS*")]
    assert names
    assert not [name for name in names if "ana" in name or "127.0.0.1" in name]


# --- one-time links ----------------------------------------------------------------------


def test_a_link_signs_in_once_and_looking_does_not_use_it_up(house: House, app: Flask) -> None:
    house.hire("ana")
    path = f"/sign-in/link/{issue_link(house.store, 'ana', timedelta(hours=1))}"
    seat, late = Seat(app), Seat(app)
    for _ in range(3):
        assert seat.get(path).status_code == 200, "previews only look"
    assert seat.get("/").status_code == 303
    seat.get(path)
    late.get(path)
    assert seat.post(path).status_code == 303
    assert seat.get("/").status_code == 200
    assert late.post(path).status_code == 410
    assert "used up" in late.text
    assert late.get(path).status_code == 410
    assert late.get("/").status_code == 303


def test_the_store_never_sees_a_links_token(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    monkeypatch.setattr(house.store, "put_record", lambda *args: written.append(args))
    token = issue_link(house.store, "ana", timedelta(hours=1))
    assert len(token) >= 43
    assert token not in repr(written)


def test_links_are_nothing_where_they_are_not_allowed(house: House) -> None:
    house.hire("ana")
    strict = with_settings(house, allow_sign_in_links=False)
    token = issue_link(house.store, "ana", timedelta(hours=1))
    seat = Seat(strict.app())
    assert seat.get(f"/sign-in/link/{token}").status_code == 404
    seat.get("/sign-in")
    assert seat.post(f"/sign-in/link/{token}").status_code == 404
    assert seat.get("/").status_code == 303


def test_a_made_up_link_is_refused(house: House, app: Flask) -> None:
    seat = Seat(app)
    assert seat.get("/sign-in/link/made-up").status_code == 410
    assert seat.post("/sign-in/link/made-up").status_code in (400, 410)


# --- sessions ------------------------------------------------------------------------------


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(
    house: House, app: Flask, ana: Seat
) -> None:
    cookie = ana.client.get_cookie("console", domain="console.test")
    assert cookie
    ana.post("/sign-out")
    assert house.desk.present() == []
    thief = Seat(app)
    thief.client.set_cookie("console", cookie.value, domain="console.test")
    assert thief.get("/").status_code == 303


def test_half_an_hour_of_nothing_ends_the_session(house: House, ana: Seat) -> None:
    house.clock.forward(minutes=29)
    assert ana.get("/").status_code == 200
    house.clock.forward(minutes=29)
    assert ana.get("/").status_code == 200
    house.clock.forward(minutes=30)
    assert ana.get("/").status_code == 303
    assert house.meter.counts["session_expired", ()] == 1


def test_a_page_that_refreshes_itself_does_not_keep_the_session(house: House, ana: Seat) -> None:
    for _ in range(2):
        house.clock.forward(minutes=14)
        assert ana.get("/queue").status_code == 200
    house.clock.forward(minutes=2)
    assert ana.get("/queue").status_code == 401


def test_twelve_hours_end_every_session(house: House, ana: Seat) -> None:
    for _ in range(12 * 3 - 1):
        house.clock.forward(minutes=20)
        assert ana.get("/").status_code == 200
    house.clock.forward(minutes=20)
    assert ana.get("/").status_code == 303


def test_a_new_password_ends_the_sessions_of_the_old_one(house: House, ana: Seat) -> None:
    house.hire("ana")
    assert ana.get("/").status_code == 303


def test_after_signing_in_one_is_where_one_wanted_to_be(house: House, app: Flask) -> None:
    secret, one = house.hire("ana"), house.escalate()
    seat = Seat(app)
    asked = seat.get(f"/escalations/{one}")
    assert asked.headers["Location"] == f"/sign-in?next=/escalations/{one}"
    seat.get(asked.headers["Location"])
    response = seat.post(
        asked.headers["Location"], name="ana", password=PASSWORD, code=house.code(secret)
    )
    assert response.headers["Location"] == f"/escalations/{one}"


@pytest.mark.parametrize(
    "next_", ["//evil.test", "https://evil.test/", "/\\evil.test", "/sign-out"]
)
def test_a_sign_in_never_leads_elsewhere(house: House, app: Flask, next_: str) -> None:
    secret, seat = house.hire("ana"), Seat(app)
    seat.get("/sign-in")
    response = seat.client.post(
        "/sign-in",
        query_string={"next": next_},
        base_url=seat.base,
        data={
            "csrf_token": seat.field("csrf_token"),
            "name": "ana",
            "password": PASSWORD,
            "code": house.code(secret),
        },
    )
    assert response.headers["Location"] == "/"
