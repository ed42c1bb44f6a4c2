"""The style of a page: one column that reads well on a phone, a desk and paper, in any script.

Logical properties only, so that right-to-left pages mirror by themselves.
"""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark; --ink: #1b1b1a; --soft: #5c5b57; --line: #d9d6cf; --paper: #fdfcfa;
  --tint: #f2efe9; --link: #0b57a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e2dd; --soft: #a3a099; --line: #3b3a37; --paper: #171716; --tint: #222220;
    --link: #8ab8ec;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 44rem;
  padding: 1.5rem max(1.125rem, env(safe-area-inset-left)) 4rem; background: var(--paper);
  color: var(--ink); overflow-wrap: break-word;
  font: 1.125rem/1.6 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Serif",
    serif;
}
body:lang(ar), body:lang(fa), body:lang(ur) { line-height: 1.85; }
:lang(ar) em, :lang(fa) em, :lang(ur) em, :lang(he) em, :lang(zh) em, :lang(ja) em,
:lang(ko) em {
  font-style: normal; font-weight: 600;
}
a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .15em; }
p, ul, ol, blockquote, figure, pre, aside, section, .table, .embed, .gallery {
  margin: 0 0 1.25rem;
}
header { margin: 0 0 1.75rem; }
.kicker, .meta, .source, .at, figcaption, caption, footer, small {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.kicker { margin: 0 0 .5rem; color: var(--soft); font-size: .875rem; font-weight: 600; }
h1, h2, h3, h4, h5, h6 {
  line-height: 1.25; text-wrap: balance; margin: 2.25rem 0 .75rem; break-after: avoid;
}
h1 { font-size: clamp(1.75rem, 1.3rem + 2.4vw, 2.5rem); line-height: 1.15; margin: 0 0 .75rem; }
:is(h1, h2, h3, .standfirst):is(:lang(ar), :lang(fa), :lang(ur)) { line-height: 1.5; }
h2 { font-size: 1.45rem; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1.05rem; }
.standfirst { font-size: 1.25rem; line-height: 1.45; color: var(--soft); text-wrap: pretty; }
.meta {
  margin: 0; color: var(--soft); font-size: .9rem; display: flex; flex-wrap: wrap;
  gap: .1rem .8rem;
}
.meta a { color: inherit; }
.lead { font-weight: 600; }
.dateline, p.credit { color: var(--soft); font-size: 1rem; }
p.correction, p.update {
  border-inline-start: .25rem solid var(--line); padding-inline-start: 1rem; font-size: 1rem;
}
figure.lead { font-weight: inherit; }
img, video { display: block; max-width: 100%; height: auto; background: var(--tint); }
img { color: var(--soft); font-size: .875rem; }
figure img, video, audio { width: 100%; }
figure img { max-height: 90vh; object-fit: contain; }
figcaption, caption {
  margin-top: .5rem; color: var(--soft); font-size: .875rem; line-height: 1.45;
}
figcaption small { font-size: .8125rem; margin-inline-start: .35em; }
figcaption small:first-child { margin-inline-start: 0; }
.gallery {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem;
}
.gallery figure { margin: 0; }
.gallery img { max-height: 32rem; }
.gallery > p { grid-column: 1 / -1; margin: 0; color: var(--soft); }
blockquote {
  margin-inline: 0; padding-inline-start: 1.125rem;
  border-inline-start: .2rem solid var(--line);
}
blockquote > :last-child, aside > :last-child, li > :last-child { margin-bottom: 0; }
blockquote footer { margin-top: .4rem; color: var(--soft); font-size: .9rem; }
.pull blockquote {
  border: 0; padding: 1rem 0; border-block: .1rem solid var(--line); font-size: 1.35rem;
  line-height: 1.35;
}
aside:not(.pull) {
  background: var(--tint); padding: 1rem 1.125rem; border-radius: .25rem; font-size: 1rem;
}
aside h3, .entry h3 { margin-top: 0; }
.entry { border-top: .06rem solid var(--line); padding-top: 1rem; }
.at { margin: 0 0 .25rem; color: var(--soft); font-size: .875rem; }
.embed { border: .06rem solid var(--line); border-radius: .25rem; padding: .875rem 1rem; }
.embed blockquote { border: 0; padding: 0; margin: 0 0 .5rem; }
.source { margin: 0; font-size: .875rem; overflow-wrap: anywhere; }
ul, ol { padding-inline-start: 1.4em; }
li { margin-bottom: .35rem; }
li > p, li > ul, li > ol { margin-bottom: .35rem; }
.table { overflow-x: auto; }
table {
  border-collapse: collapse; min-width: 60%; font-size: .9375rem;
  font-variant-numeric: tabular-nums;
}
caption { text-align: start; margin-bottom: .5rem; }
th, td {
  text-align: start; vertical-align: top; padding: .4rem .75rem .4rem 0;
  border-bottom: .06rem solid var(--line);
}
pre {
  overflow-x: auto; background: var(--tint); padding: .875rem 1rem; border-radius: .25rem;
  font-size: .875rem; line-height: 1.5;
}
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
pre code { font-size: 1em; }
hr { border: 0; height: 1.5rem; margin: 1.5rem 0; text-align: center; }
hr::before { content: "* * *"; color: var(--soft); letter-spacing: .5em; }
sub, sup { line-height: 0; }
mark { background: #ffe58a; color: #1b1b1a; }
ins { background: #2da44e33; text-decoration-thickness: .06em; text-underline-offset: .15em; }
del { background: #cf222e26; color: var(--soft); }
body > footer {
  margin-top: 2.5rem; padding-top: 1rem; border-top: .06rem solid var(--line);
  color: var(--soft); font-size: .875rem;
}
body > footer p { margin: 0 0 .25rem; overflow-wrap: anywhere; }
body > footer a { color: inherit; }
body > footer a, .source a { direction: ltr; unicode-bidi: isolate; }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tint: #fff; --link: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; line-height: 1.45; }
  h1 { font-size: 22pt; }
  .standfirst { font-size: 13pt; }
  p { orphans: 3; widows: 3; }
  figure, blockquote, pre, tr { break-inside: avoid; }
  figure img { max-height: 12cm; width: auto; }
  video, audio { display: none; }
  .table { overflow: visible; }
  pre { white-space: pre-wrap; border: .06rem solid var(--line); }
  aside:not(.pull) { border: .06rem solid var(--line); }
}
""".strip()
