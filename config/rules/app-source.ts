import { matches } from "../checks.ts";
import { type FieldReader, inSection, type Rule } from "./rule.ts";

const PLACES = ["folder", "tarball", "git"] as const;

/** What names one state of a place, for those that may have another one tomorrow. */
const PINS = { tarball: "sha256", git: "commit" } as const;

/** A path never begins like an option of a program. */
const path = /^(?!-)[^\p{Cc}]{1,1024}$/u;
/** Who may fetch is not told in a URL: a password in it would lie in this file. */
const https = String.raw`https:\/\/(?![^/]*@)[^\p{Cc}\s]{1,1024}`;
const tarball = new RegExp(String.raw`^(${https}|(?!-)[^\p{Cc}:]{1,1024}\.(tar\.gz|tgz))$`, "u");
/** None of git's transports that run a command. */
const repository = new RegExp(
  String.raw`^(${https}|(ssh|file):\/\/[^\p{Cc}\s]+|[\w.-]+@[\w.-]+:[^\p{Cc}\s]+|\.{0,2}\/[^\p{Cc}]+)$`,
  "u",
);

/** The fields of the app's source in `settings/app.ts`. */
export const appSourceRules: readonly Rule[] = [
  {
    path: "app.source",
    must: "have one of folder, tarball and git, sha256 beside tarball alone, and commit beside git alone",
    use: '{ folder: "webapp" }',
    optional: true,
    test: (_, at) => {
      const named = PLACES.filter((place) => has(at, place));
      const strayPins = Object.entries(PINS).filter(([place, pin]) => has(at, pin) && !has(at, place));
      return named.length === 1 && strayPins.length === 0;
    },
  },
  ...inSection("app.source", [
    {
      path: "app.source.folder",
      must: "be the path of a folder",
      use: '"webapp"',
      optional: true,
      test: matches(path),
    },
    {
      path: "app.source.tarball",
      must: "be the path of a .tar.gz or .tgz, or an https URL without a name in it",
      use: '"../app.tar.gz"',
      optional: true,
      test: matches(tarball),
    },
    {
      path: "app.source.git",
      must: "be a repository that git fetches from: https:// without a name in it, ssh://, file://, user@host:path, or a path from / or . on",
      use: '"https://github.com/example/app.git"',
      optional: true,
      test: matches(repository),
    },
  ]),
  ...inSection("app.source.tarball", [
    {
      path: "app.source.sha256",
      must: "be the SHA-256 of the tarball, 64 of 0-9 and a-f (sha256sum prints it)",
      use: `"${"0123456789abcdef".repeat(4)}"`,
      test: matches(/^[0-9a-f]{64}$/),
    },
  ]),
  ...inSection("app.source.git", [
    {
      path: "app.source.commit",
      must: "be the whole id of a commit, 40 of 0-9 and a-f (git rev-parse HEAD prints it)",
      use: `"${"0123456789".repeat(4)}"`,
      test: matches(/^[0-9a-f]{40}$/),
    },
  ]),
];

function has(at: FieldReader, field: string): boolean {
  return at(`app.source.${field}`) !== undefined;
}
