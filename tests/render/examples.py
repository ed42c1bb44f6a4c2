"""One article that has every block, for the renderers to draw."""

from __future__ import annotations

from datetime import UTC, datetime

from service.article import (
    AnyBlock,
    Article,
    Aside,
    Audio,
    Author,
    Candidate,
    Cell,
    Code,
    Credit,
    Embed,
    Figure,
    Gallery,
    Heading,
    Image,
    Language,
    LeadImage,
    List,
    LiveEntry,
    Paragraph,
    Quote,
    Rights,
    Separator,
    Site,
    Span,
    Table,
    Timestamp,
    Video,
)  # fmt: skip

AT = datetime(2026, 1, 6, 14, 16, tzinfo=UTC)


def picture(name: str = "levee") -> Image:
    return Image(
        src=f"https://img.example/{name}-1200.jpg",
        width=1200,
        height=675,
        alt="Sandbags & <boats>",
        candidates=[
            Candidate(src=f"https://img.example/{name}-{width}.jpg", width=width)
            for width in (1200, 600)
        ],
    )


def every_block() -> list[AnyBlock]:
    return [
        Figure(
            image=picture(),
            caption="Volunteers stack sandbags.",
            credit=Credit(text="Photo: Jon Vega/Agency"),
            copyright_notice="© 2026 Agency",
            role="lead",
        ),
        Paragraph(text="Water crossed the levee.", role="lead"),
        Paragraph(
            text="It came at four, not at nine.",
            spans=[
                Span("It came "),
                Span("at four", ("strong",), "https://plain.example/four"),
                Span(", not at nine."),
            ],
        ),
        Heading(text="What happens next"),
        Quote(blocks=[Paragraph(text="We wait.")], attribution="The mayor"),
        Quote(blocks=[Paragraph(text="not at nine")], variant="pull"),
        List(items=[[Paragraph(text="boats")], [Paragraph(text="ropes")]]),
        List(
            items=[[Paragraph(text="first"), List(items=[[Paragraph(text="inner")]])]],
            ordered=True,
            start=3,
        ),
        Table(
            caption="Levels",
            header=[[Cell(text="Station"), Cell(text="06:00"), Cell(text="12:00")]],
            rows=[[Cell(text="East"), Cell(text="4.4 m", colspan=2)]],
        ),
        Code(text="if a < b:\n    rise()", language="python"),
        Embed(provider="x", url="https://x.com/a/status/1", text="Crest: 4.6 m"),
        Video(src="https://v.example/a.mp4", poster="https://v.example/a.jpg", caption="Noon"),
        Audio(url="https://pod.example/1", caption="Listen"),
        Gallery(items=[Figure(image=picture("boat"), caption="A boat")], caption="Views"),
        Aside(
            role="key_points",
            headline="In short",
            blocks=[Paragraph(text="Three towns wait.")],
        ),
        LiveEntry(at=AT, headline="Gate shut", blocks=[Paragraph(text="It holds.")]),
        Separator(),
        Paragraph(text="More to come.", lang="fr"),
    ]


def river() -> Article:
    return Article(
        canonical_url="https://plain.example/river",
        site=Site(name="The Plain Paper", domain="plain.example"),
        language=Language(code="en", confidence=1.0, source="meta"),
        kicker="Floods",
        headline="The river rises <before> dawn",
        standfirst="A town counts its sandbags.",
        byline="By Alma Reyes",
        authors=[Author(name="Alma Reyes", url="https://plain.example/alma")],
        published=Timestamp(at=AT, precision="minute"),
        published_at=AT,
        modified_at=AT,
        section="News",
        keywords=["flood"],
        lead_image=LeadImage(src="https://img.example/levee-1200.jpg", width=1200),
        body=every_block(),
        rights=Rights(copyright_notice="© 2026 The Plain Paper"),
    )
