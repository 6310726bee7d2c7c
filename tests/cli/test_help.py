"""The help of every command."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from govcrawl.cli.main import COMMANDS, cli

README = Path(__file__).parents[2] / "README.md"


def walk(command: click.Command, path: tuple[str, ...] = ("govcrawl",)) -> Iterator[tuple[str, click.Command]]:
    """Every command that is no group, by its full name."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from walk(inner, (*path, name))
    else:
        yield " ".join(path), command


ALL = dict(walk(cli))


def examples(command: click.Command) -> list[str]:
    return re.findall(r"^  +(\S.*)$", command.epilog or "", re.MULTILINE)


@pytest.mark.parametrize("name", ALL)
def test_every_command_says_what_it_does_and_gives_an_example_of_itself(name: str) -> None:
    assert ALL[name].help
    given = examples(ALL[name])
    assert given
    assert all(name in example for example in given)


@pytest.mark.parametrize("name", ALL)
def test_an_example_names_only_options_that_exist(name: str) -> None:
    known = {option for parameter in ALL[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
    for example in examples(ALL[name]):
        used = {word.partition("=")[0] for word in shlex.split(example) if word.startswith("--")}
        assert used <= known | {"--help"}


@pytest.mark.parametrize("name", ALL)
def test_every_option_is_explained_unless_its_values_do(name: str) -> None:
    unexplained = [
        parameter.name
        for parameter in ALL[name].params
        if isinstance(parameter, click.Option) and not parameter.help and not isinstance(parameter.type, click.Choice)
    ]
    assert [option for option in unexplained if option not in {"every", "health_host"}] == []


def test_the_list_of_commands_says_the_same_as_their_own_help() -> None:
    context = click.Context(cli)
    own = {name: (cli.get_command(context, name).help or "").splitlines()[0] for name in COMMANDS}
    assert own == COMMANDS


@pytest.mark.skipif(not README.is_file(), reason="README.md is not written yet")
def test_the_readme_names_every_command_and_none_that_does_not_exist() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"govcrawl ([a-z]+(?: [a-z]+)?)", text))
    assert [name for name in ALL if name.removeprefix("govcrawl ").split()[0] not in {one.split()[0] for one in named}] == []
    for one in named & {words for words in named if words.split()[0] in COMMANDS}:
        words = one.split()
        inner = cli.get_command(click.Context(cli), words[0])
        if isinstance(inner, click.Group) and len(words) > 1:
            assert inner.get_command(click.Context(inner), words[1]), f"README names `govcrawl {one}`"


@pytest.mark.skipif(not README.is_file(), reason="README.md is not written yet")
def test_the_readme_names_only_options_that_exist() -> None:
    for line in re.findall(r"^(?:\$ )?(?:[A-Za-z_]+=\S+ )*govcrawl (.+)$", README.read_text(encoding="utf-8"), re.MULTILINE):
        words = line.split()
        name = next((name for name in ALL if name.split()[1:] == words[: len(name.split()) - 1]), None)
        if name:
            known = {option for parameter in ALL[name].params for option in parameter.opts}
            used = {word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z-]+.*", word)}
            assert used <= known | {"--help"}, f"README: govcrawl {line}"
