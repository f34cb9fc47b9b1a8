"""Text entries in MySQL with Flask, Flask-SQLAlchemy and PyMySQL, as their documentation says."""

import os
from datetime import datetime, timezone

from flask import Flask, abort, render_template, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, String
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LONGEST_TEXT = 1000
LONGEST_SEARCH = 100


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Entry(db.Model):
    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    created_at: Mapped[datetime] = mapped_column(DATETIME(fsp=3))
    updated_at: Mapped[datetime] = mapped_column(DATETIME(fsp=3))

    @property
    def as_json(self):
        return {
            "id": self.id,
            "text": self.text,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
        }


# The pages load what the app's pages load.
app = Flask(__name__, static_folder="../../../../webapp/assets")
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URI"]
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
    "connect_args": {"ssl": {"ca": os.environ["DB_CA_FILE"], "check_hostname": True}}
}
db.init_app(app)


@app.template_filter()
def iso(time):
    return time.isoformat(timespec="milliseconds") + "Z"


@app.template_filter()
def utc(time):
    return time.strftime("%Y-%m-%d %H:%M UTC")


def page_of_entries():
    limit = request.args.get("limit", 50, type=int)
    if not 1 <= limit <= 100:
        abort(400)
    newest = db.select(Entry).order_by(Entry.id.desc()).limit(limit + 1)
    before = request.args.get("before", type=int)
    if before is not None:
        newest = newest.where(Entry.id < before)
    found = db.session.execute(newest).scalars().all()
    entries = found[:limit]
    following = entries[-1].id if len(found) > limit else None
    previous = entries[0].id if entries and before is not None else None
    return entries, following, previous


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/api/entries")
def list_entries():
    entries, following, previous = page_of_entries()
    return {"entries": [entry.as_json for entry in entries], "next": following, "previous": previous}


@app.get("/api/entries/<int:id>")
def get_entry(id):
    return db.get_or_404(Entry, id).as_json


@app.post("/api/entries")
def create_entry():
    text = request.get_json().get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        abort(400)
    # As precise as the column: what is answered is what is kept.
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    entry = Entry(text=text, created_at=now, updated_at=now)
    db.session.add(entry)
    db.session.commit()
    return entry.as_json, 201, {"location": f"/api/entries/{entry.id}"}


@app.get("/")
def index():
    entries, following, previous = page_of_entries()
    return render_template(
        "entries.html",
        section="entries",
        entries=entries,
        following=following,
        previous=previous,
        longest=LONGEST_TEXT,
        longest_search=LONGEST_SEARCH,
    )
