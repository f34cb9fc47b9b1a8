"""Text entries in MySQL with Flask, Flask-SQLAlchemy and PyMySQL, as their documentation says."""

import os
from datetime import datetime, timezone

from flask import Flask, abort, render_template, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, String
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LONGEST_TEXT = 1000


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
            "createdAt": in_words(self.created_at),
            "updatedAt": in_words(self.updated_at),
        }


app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URI"]
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
    "connect_args": {"ssl": {"ca": os.environ["DB_CA_FILE"], "check_hostname": True}}
}
app.jinja_env.filters["in_words"] = lambda time: in_words(time)
db.init_app(app)


def in_words(time):
    return time.isoformat(timespec="milliseconds") + "Z"


def page_of_entries():
    limit = request.args.get("limit", 50, type=int)
    if not 1 <= limit <= 100:
        abort(400)
    newest = db.select(Entry).order_by(Entry.id.desc()).limit(limit + 1)
    before = request.args.get("before", type=int)
    if before is not None:
        newest = newest.where(Entry.id < before)
    entries = db.session.execute(newest).scalars().all()
    more = len(entries) > limit
    return entries[:limit], entries[limit - 1].id if more else None


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/api/entries")
def list_entries():
    entries, following = page_of_entries()
    return {"entries": [entry.as_json for entry in entries], "next": following}


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
    entries, following = page_of_entries()
    return render_template("entries.html", entries=entries, following=following, longest=LONGEST_TEXT)
