"""Units, their posts, and the persons who hold them. Rules name posts, never persons."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from models.columns import code_key, kind_of, reference, row_reference, serial_key, text


class UnitKind(StrEnum):
    """A unit answers for a line of work (departmental, 条) or for a place (territorial, 块)."""

    DEPARTMENTAL = "departmental"
    TERRITORIAL = "territorial"


class OwnerKind(StrEnum):
    """What a post belongs to."""

    UNIT = "unit"
    AREA = "area"
    POINT = "point"


class PostKind(StrEnum):
    """The roles that rules may name. Three-tier leaders, four chiefs, offices, sponsors."""

    HANDLER = "handler"
    DIRECT_LEADER = "direct_leader"
    DEPUTY_LEADER = "deputy_leader"
    PRINCIPAL_LEADER = "principal_leader"
    BUILDING_CHIEF = "building_chief"
    GRID_CHIEF = "grid_chief"
    AREA_CHIEF = "area_chief"
    STREET_CHIEF = "street_chief"
    OFFICE = "office"
    INSPECTOR = "inspector"
    VERIFIER = "verifier"
    HEADQUARTERS = "headquarters"
    PERFORMANCE_OFFICE = "performance_office"
    DUTY_OFFICER = "duty_officer"
    ADMINISTRATOR = "administrator"
    SPONSOR_LEADER = "sponsor_leader"


UNIT_POSTS = frozenset({PostKind.HANDLER, PostKind.DIRECT_LEADER, PostKind.DEPUTY_LEADER, PostKind.PRINCIPAL_LEADER})


class ChannelClass(StrEnum):
    """Through which kind of door a person is reached. The inbox (`app`) needs no contact."""

    APP = "app"
    CHAT = "chat"
    SMS = "sms"
    MAIL = "mail"
    PHONE = "phone"
    BULLETIN = "bulletin"


class Proof(StrEnum):
    """How we know that an address is the person's: the administrator vouches for the city pack, or a code was typed."""

    PACK = "pack"
    CODE = "code"


class Unit(SQLModel, table=True):
    """A body that answers for issues: a department, or the government of one area."""

    code: str = code_key()
    name: str = text()
    kind: UnitKind = kind_of(UnitKind)
    area_code: str = reference("area.code", index=True)
    ranking_group: str = text(default="")
    sample: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


class Post(SQLModel, table=True):
    """A role of one unit, area or point. Its code is `owner:kind`, so an audience is known without a look-up."""

    code: str = code_key()
    kind: PostKind = kind_of(PostKind)
    owner_kind: OwnerKind = kind_of(OwnerKind)
    owner_code: str = text(index=True)
    title: str = text(default="")


class Person(SQLModel, table=True):
    """Somebody who can act or be told. `lang` is the city pack's; what the person chose goes before it.

    Quiet hours are the city's clock and may run over midnight; urgent messages pass.
    """

    code: str = code_key()
    name: str = text()
    lang: str = text(default="zh-CN")
    sample: bool = False
    chosen_lang: str | None = text(default=None, nullable=True)
    quiet_from: time | None = None
    quiet_to: time | None = None

    @property
    def speaks(self) -> str:
        """The language of messages to this person."""
        return self.chosen_lang or self.lang


class Tenure(SQLModel, table=True):
    """A person holds a post from a day to a day; a post may be held by several at once."""

    __table_args__ = (UniqueConstraint("post_code", "person_code", "valid_from"),)
    id: int | None = serial_key()
    post_code: str = reference("post.code", index=True)
    person_code: str = reference("person.code", index=True)
    valid_from: date
    valid_to: date | None = None


class Deputy(SQLModel, table=True):
    """A dated substitute: is told and may act in the person's place, and the record says so."""

    __table_args__ = (UniqueConstraint("person_code", "deputy_code", "valid_from"),)
    id: int | None = serial_key()
    person_code: str = reference("person.code", index=True)
    deputy_code: str = reference("person.code")
    valid_from: date
    valid_to: date


class Contact(SQLModel, table=True):
    """One address of a person, used once verified. `address` may hold a token: it never goes into logs.

    `position` is the city pack's; the place that the person chose goes before it.
    """

    __table_args__ = (UniqueConstraint("person_code", "channel", "address"),)
    id: int | None = serial_key()
    person_code: str = reference("person.code", index=True)
    channel: ChannelClass = kind_of(ChannelClass)
    address: str = text()
    position: int = 1
    verified_at: datetime | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    switched_off_at: datetime | None = None
    switched_off_why: str | None = text(default=None, nullable=True)
    proof: Proof = kind_of(Proof, default=Proof.PACK, sa_column_kwargs={"server_default": Proof.PACK.value})
    chosen_position: int | None = None
    sample: bool = False


class ContactCode(SQLModel, table=True):
    """A code that was sent to an address, to see whether it is the person's. Only its hash is kept.

    `ended_at`: typed rightly, superseded by a newer one, or its tries are used up. `replaces`: the contact that is
    switched off when this one is confirmed. `outcome` is the channel's word on the sending.
    """

    __tablename__ = "contact_code"
    __table_args__ = (
        Index("contact_code_latest", "contact_id", "id"),
        Index("contact_code_pace", "person_code", "asked_at"),
    )
    id: int | None = serial_key()
    contact_id: int = row_reference("contact.id")
    person_code: str = text()
    asked_by: str = text()
    asked_at: datetime
    expires_at: datetime
    salt: str = text()
    hash: str = text()
    tries: int = 0
    replaces: int | None = row_reference("contact.id", default=None, nullable=True)
    outcome: str = text(default="")
    ended_at: datetime | None = None
