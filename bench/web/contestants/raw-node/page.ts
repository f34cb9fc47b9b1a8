/** A row of the table. */
export interface Row {
  readonly id: number;
  readonly text: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** What a page is made of besides its rows. */
export interface Frame {
  readonly style: string;
  /** Longest text, in characters. */
  readonly longest: number;
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The list as a page, every text escaped. */
export function pageOf(rows: readonly Row[], next: number | null, { style, longest }: Frame): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Entries</title>
<style>
${style}</style>
</head>
<body>
<main>
<h1>Entries</h1>
<form class="entry" method="post" action="/entries">
<label for="text">New entry</label>
<textarea id="text" name="text" required maxlength="${longest}"></textarea>
<div class="row"><button type="submit">Add</button></div>
</form>
<ul>
${rows.map(itemOf).join("")}</ul>
${next === null ? "" : `<p><a class="button quiet" href="/?before=${next}">Older entries</a></p>`}
</main>
</body>
</html>
`;
}

function itemOf({ id, text, created_at, updated_at }: Row): string {
  const created = created_at.toISOString();
  const edited = updated_at.getTime() === created_at.getTime() ? "" : ", edited";
  return `<li>
<p>${escapeHtml(text)}</p>
<div class="row">
<time datetime="${created}">${created.slice(0, 16).replace("T", " ")} UTC${edited}</time>
<a class="button quiet" href="/entries/${id}/edit" aria-label="Edit entry ${id}">Edit</a>
<form method="post" action="/entries/${id}/delete"><button class="quiet" type="submit" aria-label="Delete entry ${id}">Delete</button></form>
</div>
</li>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? "");
}
