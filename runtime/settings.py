"""Settings: one frozen object, read once at the edge of the process from DUBAN_* variables.

Every variable may instead be given as a file: DUBAN_SMTP_URL_FILE names a file whose text is the value (for secrets).
An empty variable counts as not given.
"""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from runtime.errors import BadSettings

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "DUBAN_"
Lang = Literal["zh-CN", "en"]
SMS_SCHEMES = ("aliyunsms", "tencentsms", "smsgates", "smsgate")
BUCKET = "s3://"
SHORTEST_SECRET = 32
"""Characters of a key that signs."""


class Settings(BaseSettings):
    """All that differs between two installations. Paths are absolute; URLs are as given."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: SecretStr | None = None
    prefect_database_url: SecretStr | None = None
    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("duban", appauthor=False)))
    city_pack: Path = PROJECT / "cities" / "zigong"
    lang: Lang = Field(default_factory=lambda: system_language(os.environ))
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8400, ge=1, le=65535)
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    smtp_url: SecretStr | None = None
    sms_url: SecretStr | None = None
    evidence_url: SecretStr | None = None
    webhook_networks: Annotated[tuple[str, ...], NoDecode] = ()
    public_url: str = ""
    secret: SecretStr | None = None
    heartbeat_url: SecretStr | None = None
    metrics_token: SecretStr | None = None
    login_providers: Path | None = None
    map_tiles: str = ""
    map_key: SecretStr | None = None
    actor: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def evidence(self) -> Path | SecretStr:
        """Where handed-in photos and documents lie: a folder, or the address of a bucket, which holds its keys."""
        given = self.evidence_url.get_secret_value() if self.evidence_url else str(self.home / "evidence")
        if self.evidence_url and given.startswith(BUCKET):
            return self.evidence_url
        return Path(given.removeprefix("file://"))

    @property
    def uploads(self) -> Path:
        """The folder of files on their way in."""
        return self.home / "uploads"

    @property
    def templates(self) -> Path | None:
        """The city's own wording of messages, where its pack has some."""
        folder = self.city_pack / "templates"
        return folder if folder.is_dir() else None

    @property
    def gateways(self) -> dict[str, Any]:
        """What the installation offers for sending, as notifications.channels.Gateways takes it."""
        return {
            "smtp_url": self.smtp_url.get_secret_value() if self.smtp_url else None,
            "sms_url": self.sms_url.get_secret_value() if self.sms_url else None,
            "webhook_networks": self.webhook_networks,
        }

    @field_validator("home", "city_pack")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("smtp_url")
    @classmethod
    def _mail(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("expected smtp://user:password@host:port or smtps://…")
        return value

    @field_validator("sms_url")
    @classmethod
    def _sms(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and value.get_secret_value().split("://", 1)[0] not in SMS_SCHEMES:
            raise ValueError("expected aliyunsms://…, tencentsms://… or smsgates://…")
        return value

    @field_validator("evidence_url")
    @classmethod
    def _evidence_place(cls, value: SecretStr | None) -> SecretStr | None:
        given = value.get_secret_value() if value is not None else "/"
        if given.startswith(BUCKET) and find_spec("s3fs") is None:
            raise ValueError("s3:// needs the package s3fs: pip install s3fs")
        bucket = given.removeprefix(BUCKET).partition("?")[0].partition("/")[0]
        if not (given.removeprefix("file://").startswith("/") or (given.startswith(BUCKET) and bucket)):
            raise ValueError("expected /folder, file:///folder or s3://bucket/prefix?endpoint_url=…&key=…&secret=…")
        return value

    @field_validator("webhook_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        several = value.replace(",", " ").split() if isinstance(value, str) else value
        try:
            for one in several if isinstance(several, list | tuple) else ():
                ip_network(str(one), strict=False)
        except ValueError:
            raise ValueError("expected addresses such as 10.0.0.0/8,192.168.7.9") from None
        return several

    @field_validator("map_tiles")
    @classmethod
    def _layers(cls, value: str) -> str:
        for layer in value.split() if value != "none" else ():
            whole = all(part in layer for part in ("{x}", "{y}", "{z}")) and not set(layer) & set(";,'\"")
            if not whole or not layer.startswith(("https://", "http://")):
                raise ValueError("expected https://…/{z}/{x}/{y}.png, several with a space between them, or none")
        return value

    @field_validator("map_key")
    @classmethod
    def _plain_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().isalnum():
            raise ValueError("expected letters and digits")
        return value

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        keys = value.get_secret_value().split() if value is not None else []
        if value is not None and (not keys or min(map(len, keys)) < SHORTEST_SECRET):
            raise ValueError(f"expected keys of {SHORTEST_SECRET} characters or more, the newest first")
        return value

    @model_validator(mode="before")
    @classmethod
    def _default_public_url(cls, values: dict[str, Any]) -> dict[str, Any]:
        host, port = values.get("web_host", "127.0.0.1"), values.get("web_port", 8400)
        return {"public_url": f"http://{host}:{port}", **values}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Given in code, then the variable, then the file it names."""
        return init_settings, env_settings, _Files(settings_cls)

    @model_validator(mode="after")
    def _one_port_each(self) -> Self:
        if self.web_port == self.prefect_port:
            raise ValueError(f"DUBAN_WEB_PORT and DUBAN_PREFECT_PORT are both {self.web_port}")
        return self


class _Files(PydanticBaseSettingsSource):
    """Values from the files that DUBAN_…_FILE variables name."""

    def get_field_value(self, field: object, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - inherited
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        try:
            return (Path(path).read_text().strip() if path else None), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(problems=f"{variable}: cannot be read: {error}") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value}


def load_settings(**given: Any) -> Settings:
    """Read the settings; `given` wins over the environment.

    Raises BadSettings that names each variable which cannot be used; the values, which may be secret, are not shown.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSettings(problems="; ".join(_problem(dict(one)) for one in error.errors())) from None


def _problem(error: Mapping[str, Any]) -> str:
    words = str(error["msg"]).removeprefix("Value error, ")
    place = [f"{PREFIX}{str(part).upper()}" for part in error["loc"][:1]]
    return ": ".join([*place, words])


def system_language(environ: Mapping[str, str]) -> Lang:
    """English when the system speaks English, Chinese otherwise."""
    spoken = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "zh-CN"
