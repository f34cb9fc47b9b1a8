import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** Somebody who looks at the app: one page, and all that the browser complained about meanwhile. */
export interface Visitor {
  readonly page: Page;
  /** What is wrong with the pages so far: scripts that failed, files that were missing, breaches of the policy. */
  complaints(): string[];
  leave(): Promise<void>;
}

/** Opens a page for somebody in a place and with a language that are the same everywhere. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  return { page, complaints: listen(context), leave: () => context.close() };
}

function listen(context: BrowserContext): () => string[] {
  const refused = new Set<string>();
  const complaints: { text: string; url?: string }[] = [];
  context.on("response", (response) => {
    if (response.request().isNavigationRequest() && !response.ok()) refused.add(response.url());
  });
  context.on("weberror", (failure) => complaints.push({ text: failure.error().message }));
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    complaints.push({ text: message.text(), url: message.location().url });
  });
  // That a page is answered by 4xx or 503 is told as a missing file is.
  const isAnswer = ({ text, url }: { text: string; url?: string }) =>
    text.startsWith("Failed to load resource") && url !== undefined && refused.has(url);
  return () => complaints.filter((complaint) => !isAnswer(complaint)).map(({ text }) => text);
}
