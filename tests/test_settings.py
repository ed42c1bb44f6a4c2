"""Settings: what the environment may say, and how it is told what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, described, read_settings, variable


def test_defaults_without_an_environment():
    """An empty environment gives the defaults."""
    assert read_settings({}) == Settings()


def test_values_are_converted():
    """Numbers, switches and lists are read from text; platform names have no prefix."""
    environ = {
        "PORT": "8123",
        "DATABASE_URL": "postgresql://db/x",
        "BROADSHEET_ROBOTS": "false",
        "BROADSHEET_LEASE_S": "12.5",
        "BROADSHEET_FETCH_PORTS": "80, 443",
        "BROADSHEET_FETCH_ALLOW": "10.0.0.0/8",
    }

    settings = read_settings(environ)

    assert settings.port == 8123
    assert settings.database_url == "postgresql://db/x"
    assert settings.robots is False
    assert settings.lease_s == 12.5
    assert settings.fetch_ports == (80, 443)
    assert settings.fetch_allow == ("10.0.0.0/8",)


def test_unknown_name_is_refused():
    """A name with our prefix that is no setting is named: a typing error is not silent."""
    with pytest.raises(SettingsError, match="BROADSHEET_LEASE_SECONDS"):
        read_settings({"BROADSHEET_LEASE_SECONDS": "3"})


def test_wrong_type_is_refused():
    """A value of the wrong type names its variable."""
    with pytest.raises(SettingsError, match="PORT: Expected `int`"):
        read_settings({"PORT": "eighty"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BROADSHEET_API_PROCESSES", "0", "Expected `int` >= 1"),
        ("BROADSHEET_ATTEMPTS_MAX", "-1", "Expected `int` >= 1"),
        ("BROADSHEET_DRAIN_S", "-5", "Expected `float` > 0"),
        ("BROADSHEET_DRAIN_S", "nan", "Expected `float` > 0"),
        ("BROADSHEET_DATABASE_TIMEOUT_S", "inf", "Expected `float` <= "),
        ("BROADSHEET_FETCH_PORTS", "80,99999", "Expected `int` <= 65535"),
        ("BROADSHEET_LEASE_S", "5", "BROADSHEET_HEARTBEAT_S must be shorter"),
        ("BROADSHEET_PUBLIC_URL", "news.example", "begin with https://"),
        ("DATABASE_URL", "mysql://db/x", "begin with postgresql://"),
        ("REDIS_URL", "localhost:6379", "begin with redis://"),
    ],
)
def test_what_could_not_work_is_refused(name, value, said):
    """A value with which no process could work stops it with the variable's name."""
    with pytest.raises(SettingsError, match=name) as told:
        read_settings({name: value})

    assert said in str(told.value)


def test_secret_from_a_file(tmp_path):
    """A secret may be in a file, without its line end; a missing file is named."""
    path = tmp_path / "secret"
    path.write_text("kept apart\n")

    assert read_settings({"BROADSHEET_SECRET_FILE": str(path)}).secret == "kept apart"
    with pytest.raises(SettingsError, match="BROADSHEET_SECRET_FILE"):
        read_settings({"BROADSHEET_SECRET_FILE": str(tmp_path / "none")})


def test_only_secrets_may_be_in_files():
    """Other settings have no _FILE variant."""
    with pytest.raises(SettingsError, match="BROADSHEET_LEASE_S_FILE"):
        read_settings({"BROADSHEET_LEASE_S_FILE": "/x"})


def test_empty_value_means_default():
    """A variable that is set to nothing counts as not set, as in compose files."""
    assert read_settings({"PORT": "", "BROADSHEET_ROBOTS": ""}) == Settings()


def test_names_of_variables():
    """Platform names are bare, ours have the prefix."""
    assert variable("port") == "PORT"
    assert variable("robots") == "BROADSHEET_ROBOTS"


def test_every_setting_is_described():
    """The example file that we ship names every setting, each with a comment, and is up to date."""
    shipped = (Path(__file__).parent.parent / "deploy" / "service.env.example").read_text()

    assert shipped == described(), "run: make deploy"
    for name in Settings.__struct_fields__:
        assert f"\n#{variable(name)}=" in shipped, f"{name} has no comment in settings.py"


def test_described_defaults_are_the_defaults():
    """Every line of the example, uncommented, reads as what it says is the default."""
    lines = [line[1:] for line in described().splitlines() if line[:1] == "#" and line[1:2] != " "]
    environ = dict(line.split("=", 1) for line in lines)

    assert read_settings(environ) == Settings()


@pytest.mark.parametrize("origin", ["app.example", "https://app.example/", "https://App.example"])
def test_an_origin_that_no_browser_writes_is_refused(origin: str):
    """It would never be met: a path, an upper-case letter, a missing scheme."""
    with pytest.raises(SettingsError, match=r"BROADSHEET_CORS_ORIGINS.*is no origin"):
        read_settings({"BROADSHEET_CORS_ORIGINS": f"https://a.example,{origin}"})
