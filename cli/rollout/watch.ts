import { type Asking, statusOf } from "../ask-url.ts";

/** How often a URL was asked while something went on, and how often it answered without an error. */
export interface Watched {
  readonly asked: number;
  readonly answered: number;
}

const EVERY_MS = 500;
const PATIENCE_MS = 5000;

/** Asks a URL twice a second until `stop`, as a user of the site would, to know what users noticed. */
export function watch(url: string, asking: Omit<Asking, "timeout"> = {}): { stop(): Promise<Watched> } {
  const open = new Set<Promise<void>>();
  let [asked, answered] = [0, 0];
  const ask = async () => {
    asked++;
    try {
      const status = await statusOf(url, { ...asking, timeout: PATIENCE_MS });
      // A way to somewhere else is an answer: HTTPS may have been turned on.
      if (status >= 200 && status < 400) answered++;
    } catch {
      // Not answered is what is counted.
    }
  };
  const timer = setInterval(() => {
    const one = ask().finally(() => open.delete(one));
    open.add(one);
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { asked, answered };
    },
  };
}

/** What users noticed, in words; nothing is claimed that was not seen. */
export function describeWatched(watched: Watched | undefined): string {
  if (watched === undefined || watched.asked === 0) return "";
  const { asked, answered } = watched;
  return asked === answered
    ? `users noticed nothing: all of ${asked} probes in that time were answered`
    : `users may have noticed: ${asked - answered} of ${asked} probes in that time were not answered`;
}
