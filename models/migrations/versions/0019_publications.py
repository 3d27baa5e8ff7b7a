"""Publications: drafted, approved, published, frozen. Papers of other things than an issue or a round."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

EDITION = ("kind", "area_code", "period_from", "period_to", "subject", "edition")
FROZEN = """
CREATE FUNCTION refuse_unfreezing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('published', 'withdrawn')
     OR (OLD.state = 'approved' AND (OLD.content, OLD.content_sha256, OLD.formula)
                                 IS DISTINCT FROM (NEW.content, NEW.content_sha256, NEW.formula))
     OR (OLD.kind, OLD.area_code, OLD.period_from, OLD.period_to, OLD.subject, OLD.edition)
        IS DISTINCT FROM (NEW.kind, NEW.area_code, NEW.period_from, NEW.period_to, NEW.subject, NEW.edition) THEN
    RAISE EXCEPTION 'publication % is %: % is refused', OLD.id, OLD.state, TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON publication_event"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON publication_event"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
TRIGGERS = (
    "CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON publication FOR EACH ROW EXECUTE FUNCTION refuse_unfreezing()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON publication FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("area_code", sa.Text(), sa.ForeignKey("area.code"), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(op.f("ix_publication_area_code"), "publication", ["area_code"])
    op.create_index(op.f("ix_publication_published_at"), "publication", ["published_at"])
    op.create_index(
        "one_publication_of_an_edition",
        "publication",
        list(EDITION),
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "publication_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("publication_id", sa.BigInteger(), sa.ForeignKey("publication.id"), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_publication_event_publication_id"), "publication_event", ["publication_id"])
    for statement in (FROZEN, *APPEND_ONLY, *TRIGGERS):
        op.execute(statement)
    _papers()


def _papers() -> None:
    op.add_column("paper", sa.Column("about", sa.Text(), nullable=True))
    op.drop_constraint("paper_of_an_issue_or_a_round", "paper")
    op.create_unique_constraint(None, "paper", ["about"])
    op.create_check_constraint("paper_of_one_thing", "paper", "num_nonnulls(issue_id, round_id, about) = 1")


def downgrade() -> None:
    op.drop_constraint("paper_of_one_thing", "paper")
    op.drop_column("paper", "about")
    op.create_check_constraint("paper_of_an_issue_or_a_round", "paper", "(issue_id IS NULL) <> (round_id IS NULL)")
    op.drop_table("publication_event")
    op.drop_table("publication")
    op.execute("DROP FUNCTION refuse_unfreezing")
