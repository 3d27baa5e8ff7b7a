"""Keys of links: made once, the owner's alone, changed without ending links that were sent."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.errors import BadSettings
from runtime.keys import FILE, change_key, link_keys
from runtime.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_the_first_key_is_made_once_and_is_the_owners_alone(settings: Settings) -> None:
    assert link_keys(settings) == link_keys(settings)
    assert (settings.home / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.home.iterdir()] == [FILE]


def test_processes_that_make_the_first_key_at_once_agree(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: link_keys(settings), range(40)))

    assert len(keys) == 1


def test_a_new_key_signs_and_the_one_before_is_still_believed(settings: Settings) -> None:
    (first,) = link_keys(settings)
    change_key(settings)
    second, before = link_keys(settings)
    change_key(settings)

    assert before == first
    assert link_keys(settings)[1:] == (second,)
    assert (settings.home / FILE).stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_closed(settings: Settings) -> None:
    link_keys(settings)
    (settings.home / FILE).chmod(0o644)

    link_keys(settings)

    assert (settings.home / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "short", f"{'k' * 40}\nshort", "\xff"])
def test_a_file_without_proper_keys_is_named_and_not_shown(settings: Settings, text: str) -> None:
    settings.home.mkdir()
    (settings.home / FILE).write_bytes(text.encode("latin-1"))

    with pytest.raises(BadSettings) as caught:
        link_keys(settings)

    assert FILE in str(caught.value)
    assert "short" not in str(caught.value)


def test_given_keys_win_and_nothing_is_written(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret=SecretStr(f"{'n' * 40}\n{'o' * 40}\n"))

    assert link_keys(settings) == ("n" * 40, "o" * 40)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadSettings, match="DUBAN_SECRET"):
        change_key(settings)


def test_given_keys_that_are_too_short_stop_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SECRET", "short-one")

    with pytest.raises(BadSettings, match="DUBAN_SECRET") as caught:
        load_settings()

    assert "short-one" not in str(caught.value)
