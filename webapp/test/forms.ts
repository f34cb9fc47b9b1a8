/** A form as a browser sends it without JavaScript. */
export function form(url: string, fields: Record<string, string>) {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, headers, payload: new URLSearchParams(fields).toString() } as const;
}

/** A form with a file in it. */
export async function fileForm(url: string, file: File, fields: Record<string, string> = {}) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set("photo", file);
  const sent = new Response(data);
  const headers = { "content-type": sent.headers.get("content-type") ?? "" };
  return { method: "POST", url, headers, payload: Buffer.from(await sent.arrayBuffer()) } as const;
}

/** The tag that a form of a page sends back. */
export function tagIn(page: string): string {
  return /name="tag" value="([^"]*)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "";
}
