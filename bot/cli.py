"""The operators' and authors' door: `python -m bot COMMAND`."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from bot.adapters import keys
from bot.adapters.vault import new_key
from bot.book.write import NoBrowser, print_book, write_book
from bot.chat import Chat
from bot.content import checks
from bot.content.checks.every_walk import walk_everything
from bot.content.fact_sheet import read_fact_sheet
from bot.content.load import Content, load_library, read_content
from bot.content.po_file import export_po, import_po
from bot.content.signatures import ROLES, sign_off
from bot.content.yaml_file import ContentError
from bot.ports import Unavailable
from bot.settings import BadSettings, example, read_settings, table
from bot.wiring import FACT_SHEET, Parts, build

FLOWS = Path("flows")


class Door(click.Group):
    """Tells what cannot be reached instead of how that was noticed."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Unavailable as error:
            _stop([f"{str(error).capitalize()} cannot be reached."])


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Rights information by text message."""


def _stop(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)


def _parts() -> Parts:
    try:
        return build(read_settings(), "cli")
    except BadSettings as error:
        _stop(["The settings are not complete:", *(f"  {line}" for line in error.problems)])
    except ContentError as error:
        _stop([str(error)])


@main.command()
@click.option("--release", is_flag=True, help="Also refuse drafts and content past its date.")
@click.option("--language", help="Tell only the problems of this language's files, such as ht.")
@click.option("--walk", is_flag=True, help="Also walk every way with the bot itself.")
def check(release: bool, language: str | None, walk: bool) -> None:
    """Check all content; exit 1 with problems."""
    report = checks.check(FLOWS, FACT_SHEET, datetime.now(UTC).date(), release)
    if language:
        report = report.only(f"/{language}.yaml")
    if report.problems:
        click.echo(checks.render(report.problems))
    click.echo(report.summary)
    failed = report.has_errors
    if walk and report.loaded:
        walked = walk_everything(load_library(FLOWS, FACT_SHEET))
        for failure in walked.failures:
            click.echo(failure)
        click.echo(walked.summary)
        failed = failed or bool(walked.failures)
    sys.exit(1 if failed else 0)


@main.command("review-book")
@click.option("--language", default="es", show_default=True, help="The language beside English.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("review-book"), show_default=True
)
@click.option("--pdf", is_flag=True, help="Print each page to PDF too, with Chromium.")
def review_book(language: str, out: Path, pdf: bool) -> None:
    """Write all content as pages to read and sign."""
    content = _content()
    if language not in content.languages:
        _stop([f"'{language}' is not offered; offered are: {', '.join(content.languages)}"])
    today = datetime.now(UTC).date()
    written = write_book(out, content, read_fact_sheet(FACT_SHEET) or {}, language, today)
    click.echo(f"{len(written) - 2} topics, the resources and an index: {written[0]}")
    if pdf:
        try:
            click.echo(f"Printed: {len(print_book(written))} PDF files")
        except NoBrowser:
            _stop(["No Chromium was found. Remedy: apt-get install chromium"])


@main.command("export")
@click.argument("language")
@click.option("--out", type=click.Path(path_type=Path), help="Default: LANGUAGE.po")
def export_command(language: str, out: Path | None) -> None:
    """Write all words of LANGUAGE as a PO file for translators' tools."""
    try:
        text = export_po(_content(), language)
    except ContentError as error:
        _stop([str(error)])
    path = out or Path(f"{language}.po")
    path.write_text(text, encoding="utf-8")
    click.echo(f"Written: {path}")


@main.command("import")
@click.argument("language")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
def import_command(language: str, file: Path | None) -> None:
    """Take the translations of a PO file (default: LANGUAGE.po) into the content."""
    path = file or Path(f"{language}.po")
    try:
        changed = import_po(FLOWS, language, path.read_text(encoding="utf-8"))
    except OSError:
        _stop([f"{path} cannot be read."])
    except ContentError as error:
        _stop([str(error)])
    click.echo(f"Changed: {changed}. Now run: python -m bot check --language {language}")


@main.command("sign-off")
@click.argument("topic")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--language", required=True)
@click.option("--by", required=True, help="Initials of who has read it.")
def sign_off_command(topic: str, role: str, language: str, by: str) -> None:
    """Record that an attorney or translator has read TOPIC and stands for it."""
    today = datetime.now(UTC).date()
    try:
        signature = sign_off(FLOWS, _content(), topic, role, language, by, today)
    except ContentError as error:
        _stop([str(error)])
    click.echo(
        f"Signed: {topic}, {language}, {role}, {signature.by}, {len(signature.parts)} parts. "
        "Any change of one of them takes this signature away."
    )


def _content() -> Content:
    try:
        return read_content(FLOWS)
    except ContentError as error:
        _stop([str(error)])


@main.command()
@click.argument("language")
def stamp(language: str) -> None:
    """Note in LANGUAGE's files which English wording each message was made from."""
    try:
        changed = checks.stamp(FLOWS, language)
    except ContentError as error:
        _stop([str(error)])
    click.echo(f"Fingerprints written: {changed}")


@main.command()
@click.option("--lang", "language", help="Begin in this language, as if it had been chosen.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each line.")
@click.option("--record", is_flag=True, help="End with the chat as a golden dialogue.")
def chat(language: str | None, as_json: bool, record: bool) -> None:
    """Talk to the bot here: one message a line, in memory, nothing is sent or stored."""
    try:
        library = load_library(FLOWS, FACT_SHEET)
    except ContentError as error:
        _stop([str(error)])
    if language and language not in library.languages:
        _stop([f"{language} is not offered; these are: {', '.join(library.languages)}"])
    here = Chat(library, os.environ.get("NLU_URL", ""), os.environ.get("NLU_TOKEN", ""), language)
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace")
        answer = here.says(line.rstrip("\r\n"))
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
        elif not record:
            for message in answer["out"]:
                click.echo(f"{message['text']}\n  [{message['message']}, "
                           f"{message['segments']} segments]\n")  # fmt: skip
    if record:
        click.echo(here.as_dialogue())


@main.command()
def doctor() -> None:
    """Look at a deployment: settings, Redis, NLU, Twilio, content. Exit 1 when something fails."""
    from bot.doctor import examine

    findings = examine(_parts())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'FAIL'} {finding.what}: {finding.told}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@main.command("add-advocate")
@click.argument("name")
@click.option("--languages", default="en", help="Languages spoken, separated by commas.")
@click.password_option(help="At least 12 characters.")
def add_advocate(name: str, languages: str, password: str) -> None:
    """Let NAME sign in to the console; prints the second factor once."""
    from bot.enrolment import enrol

    spoken = tuple(part.strip() for part in languages.split(",") if part.strip())
    try:
        uri = enrol(_parts().store, name, password, spoken)
    except ValueError as error:
        _stop([str(error)])
    click.echo(f"{name} can sign in. Put this into an authenticator app; it is not shown again:")
    click.echo(uri)


@main.command("remove-advocate")
@click.argument("name")
def remove_advocate(name: str) -> None:
    """Let NAME into the console no more; claims go back to the queue when their lease ends."""
    gone = _parts().store.remove_advocate(name)
    click.echo(f"{name} can no longer sign in." if gone else f"There is no advocate {name}.")


@main.command()
@click.argument("address")
def forget(address: str) -> None:
    """Delete everything about the person with this ADDRESS ("+1555...", "whatsapp:+1555...")."""
    found = _parts().service.forget(address)
    click.echo("Deleted." if found else "Nothing was stored about this address.")


@main.command()
@click.option("--keys", "as_table", is_flag=True, help="What can be stored: every kind of key.")
def inventory(as_table: bool) -> None:
    """What is stored, counted by kind, never shown."""
    if as_table:
        click.echo(keys.table())
        return
    for kind, count in _parts().store.inventory().items():
        click.echo(f"{count:8}  {kind}")


@main.command("new-key")
def make_key() -> None:
    """A fresh random key for ENCRYPTION_KEYS or ID_KEY."""
    click.echo(new_key())


@main.command("settings")
@click.option("--example", "as_example", is_flag=True, help="As the text of .env.example.")
def show_settings(as_example: bool) -> None:
    """The table of all settings, from the settings class itself."""
    click.echo(example() if as_example else table() + "\n", nl=False)
