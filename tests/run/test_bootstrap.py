"""The first run: what is installed, what is asked for, what is said."""

import sys
from pathlib import Path

import pytest

from appraisal_portal import bootstrap


def test_requirements_come_from_pyproject() -> None:
    runtime, test = bootstrap.requirements(""), bootstrap.requirements("test")
    assert "Django~=5.2.0" in runtime
    assert set(runtime) < set(test)
    assert any(line.startswith("pytest~=") for line in test)


@pytest.mark.parametrize(("command", "module"), [("test", "test"), ("demo", "dev"), ("migrate", "dev")])
def test_settings_of_a_command(command: str, module: str) -> None:
    assert bootstrap.settings_module(["manage.py", command]) == f"appraisal_portal.settings.{module}"


def test_missing_library_names_the_exact_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libnowhere.so.0": "libnowhere0"})
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.prepare(["manage.py", "demo"])
    assert "  sudo apt-get install -y --no-install-recommends libnowhere0" in str(stopped.value)


def test_missing_browser_is_only_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap, "BROWSERS", ("no-such-browser",))
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    bootstrap._system_packages("test")
    assert "browser tests are skipped until you type: sudo apt-get install" in capsys.readouterr().out


def test_a_bare_python_without_venv_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", Path("/nowhere/python"))
    monkeypatch.setattr(bootstrap, "find_spec", lambda _name: None)
    assert bootstrap.missing_packages("")[0] == ["python3-venv"]


def test_an_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match="Python 3.11 or newer is needed"):
        bootstrap.prepare(["manage.py", "demo"])


def test_other_commands_before_the_first_run_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", Path("/nowhere/python"))
    monkeypatch.setattr(bootstrap, "VENV", Path("/nowhere"))
    monkeypatch.setattr(bootstrap, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="Type first: python3 manage.py demo"):
        bootstrap.prepare(["manage.py", "migrate"])


def test_a_changed_list_is_installed_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[list[str]] = []

    class Done:
        returncode = 0

    def run(command: list[object], **_options: object) -> Done:
        calls.append([str(part) for part in command])
        return Done()

    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", python)
    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap._environment("", inside=False)
    first = len(calls)
    assert not bootstrap._environment("", inside=True)
    assert len(calls) == first, "an unchanged list must cost nothing"
    monkeypatch.setattr(bootstrap, "requirements", lambda _extra: ["another~=1.0"])
    assert bootstrap._environment("", inside=True)
    assert calls[-1][-1] == "another~=1.0"
    monkeypatch.setattr(bootstrap, "find_spec", lambda _name: None)
    assert bootstrap._environment("", inside=True), "an upgraded Python finds no package: made anew"
    assert "--clear" in calls[-2]


def test_a_catalogue_marked_fuzzy_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "appraisal_portal" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        '#, fuzzy\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
        '\nmsgid "Certificate"\nmsgstr "证书"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    bootstrap.compile_catalogues()
    assert "证书".encode() in (folder / "django.mo").read_bytes()
    assert [path.name for path in folder.iterdir() if path.suffix == ".part"] == []


def test_a_system_without_the_small_browser_gets_the_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def apt(command: list[str]) -> bool:
        asked.append(command)
        return bootstrap.HEADLESS not in command

    monkeypatch.setattr(bootstrap, "missing_packages", lambda _extra: ([], [bootstrap.HEADLESS, "poppler-utils"]))
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(bootstrap, "_apt", apt)
    bootstrap._system_packages("test")
    assert [command[-2:] for command in asked] == [[bootstrap.HEADLESS, "poppler-utils"], ["chromium", "poppler-utils"]]
