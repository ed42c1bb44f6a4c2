"""The peer: the same endpoints as most teams write them, in FastAPI, pydantic and SQLAlchemy.

No authentication, limits, metrics or conditional requests; the article is a row with JSON, the
answer a typed model.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import JSON, LargeBinary, String, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, undefer

URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1)
engine = create_async_engine(URL, pool_size=10, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    pass


class ArticleRow(Base):
    __tablename__ = "bench_article"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    headline: Mapped[str | None]
    language: Mapped[str | None]
    card: Mapped[dict[str, Any]] = mapped_column(JSON)
    document: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)


class Accepted(Base):
    __tablename__ = "bench_ingestion"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    url: Mapped[str] = mapped_column(String)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Span(BaseModel):
    text: str
    marks: list[str] = []
    href: str | None = None


class Block(BaseModel):
    type: str
    id: str
    text: str | None = None
    level: int | None = None
    spans: list[Span] = []
    caption: str | None = None


class ArticleOut(BaseModel):
    id: UUID
    headline: str | None
    standfirst: str | None
    url: str | None
    word_count: int
    authors: list[dict[str, Any]]
    body: list[Block]


class CardOut(BaseModel):
    id: UUID
    url: str | None
    headline: str | None
    standfirst: str | None
    excerpt: str | None
    language: dict[str, Any] | None
    authors: list[dict[str, Any]]
    published_at: datetime | None
    section: str | None
    lead_image: dict[str, Any] | None
    word_count: int
    tags: list[str]


class IngestionIn(BaseModel):
    url: str
    html: str


@app.get("/v1/articles/{article_id}")
async def read_article(article_id: UUID) -> ArticleOut:
    async with sessions() as session:
        row = await session.get(ArticleRow, article_id, options=[undefer(ArticleRow.document)])
    if row is None:
        raise HTTPException(404)
    return ArticleOut.model_validate(row.document | {"id": row.id})


@app.get("/v1/articles")
async def list_articles() -> list[CardOut]:
    async with sessions() as session:
        rows = await session.scalars(select(ArticleRow).order_by(text("id desc")).limit(20))
        return [CardOut.model_validate(row.card) for row in rows]


@app.post("/v1/ingestions", status_code=202)
async def accept(body: IngestionIn, request: Request) -> dict[str, int]:
    async with sessions() as session:
        row = Accepted(url=body.url, content=body.html.encode())
        session.add(row)
        await session.commit()
        return {"id": row.id}
