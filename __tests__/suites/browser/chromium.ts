import { type Browser, chromium } from "playwright-core";
import { findProgram, type Tool } from "../../../cli/tools.ts";

/** The browser of this system, by the names that systems have for it. */
const find = () =>
  ["chromium", "chromium-browser", "google-chrome"].map(findProgram).find((path) => path !== undefined);

/** The browser that the pages are tested in. */
export const CHROMIUM: Tool = {
  name: "chromium",
  purpose: "to test the pages in a browser",
  find,
  packages: ["chromium"],
  remedy: "apt-get install chromium",
};

/** It asks nobody but the app: neither for updates nor for anything else. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser without a window, to be closed by the caller. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = find();
  if (executablePath === undefined) throw new Error(`no browser: ${CHROMIUM.remedy}`);
  return chromium.launch({ executablePath, args: QUIET });
}
