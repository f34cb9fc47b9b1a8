/** A row of the table. */
export interface Row {
  readonly id: number;
  readonly text: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Rows as a page shows them, the newest first. */
export interface Rows {
  readonly rows: readonly Row[];
  /** `before` of the older ones, `after` of the newer ones; null: there are none. */
  readonly next: number | null;
  readonly previous: number | null;
}

/** Longest text and longest search, in characters. */
export const LONGEST_TEXT = 1000;
const LONGEST_SEARCH = 100;

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const ICONS = {
  pencil: "m4 20 .8-4L16 4.8a1.7 1.7 0 0 1 2.4 0l.8.8a1.7 1.7 0 0 1 0 2.4L8 19.2ZM14 7l3 3",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20",
  trash: "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5 7.5 20h9l1-13.5M10 10.5v6M14 10.5v6",
};

/** The list as a page, every text escaped. */
export function pageOf({ rows, next, previous }: Rows): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#191d27" media="(prefers-color-scheme: dark)">
<title>Entries – Webstead</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/app.css">
<script type="module" src="/assets/app.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<div class="top-inner">
<a class="brand" href="/" aria-label="Webstead, home"><svg viewBox="0 0 32 32" aria-hidden="true"><rect class="mark" width="32" height="32" rx="8"/><path class="roof" d="M7 16.5 16 8.5l9 8M10 14v9.5h12V14M16 23.5v-5" fill="none" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/></svg><span>Webstead</span></a>
<nav aria-label="Main">
<ul>
<li><a class="tab" href="/" aria-current="page">Entries</a></li>
<li><a class="tab" href="/employees">Employees</a></li>
<li><a class="tab" href="/status">Status</a></li>
</ul>
</nav>
</div>
</header>
<main id="main" tabindex="-1" class="narrow">
<div class="head"><h1>Entries</h1></div>
<form class="card composer" method="post" action="/entries">
<label for="text">New entry</label>
<textarea id="text" name="text" rows="3" required maxlength="${LONGEST_TEXT}" data-count="text-count" aria-describedby="text-count">
</textarea>
<div class="row composer-end"><p class="count" id="text-count">Up to ${LONGEST_TEXT} characters</p><button class="button" type="submit">Add entry</button></div>
</form>
<form class="search" role="search" method="get" action="/" data-search>
<div class="search-field">${icon("search")}
<label class="hidden-text" for="search">Search entries</label>
<input id="search" name="search" type="search" value="" maxlength="${LONGEST_SEARCH}" placeholder="Search entries" autocomplete="off"></div>
<button class="button quiet" type="submit">Search</button>
</form>
<p class="hidden-text" id="found" role="status"></p>
<section id="results" aria-label="Entries" data-said="${rows.length}${next === null ? "" : " or more"} ${rows.length === 1 ? "entry" : "entries"}">
<ul class="entries">
${rows.map(itemOf).join("")}</ul>
${next === null && previous === null ? "" : pagesOf(next, previous)}</section>
</main>
<footer class="foot">
<span>Runs on Webstead</span>
<a href="/api/openapi.json">API description</a>
</footer>
</body>
</html>
`;
}

function itemOf({ id, text, created_at, updated_at }: Row): string {
  const isEdited = updated_at.getTime() !== created_at.getTime();
  return `<li class="card entry">
<p class="text">${escapeHtml(text)}</p>
<footer class="entry-foot">
<span>${timeOf(created_at)}${isEdited ? `, edited ${timeOf(updated_at)}` : ""}</span>
<div class="row entry-actions">
<a class="link" href="/entries/${id}/edit" aria-label="Edit entry ${id}">${icon("pencil")}Edit</a>
<a class="link danger" href="/entries/${id}/delete" aria-label="Delete entry ${id}" data-dialog>${icon("trash")}Delete</a>
</div>
</footer>
</li>
`;
}

function pagesOf(next: number | null, previous: number | null): string {
  return `<nav class="pages" aria-label="Pages">
${previous === null ? "" : `<a class="button quiet" rel="prev" href="/?after=${previous}">Newer entries</a>`}
${next === null ? "" : `<a class="button quiet onward" rel="next" href="/?before=${next}">Older entries</a>`}
</nav>
`;
}

function timeOf(time: Date): string {
  const iso = time.toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function icon(name: keyof typeof ICONS): string {
  return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? "");
}
