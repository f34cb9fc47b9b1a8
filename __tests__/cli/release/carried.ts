import { archivePart } from "../../../cli/release/archive.ts";
import type { Carried } from "../../../cli/release/build.ts";

/** What a release carries beside the app, without the megabytes: an empty Node, and sharp by its name. */
export async function carriedByTests(): Promise<Carried> {
  const nothing = await archivePart([], { last: false });
  return {
    runtime: { version: "24.0.0", archivePart: nothing },
    native: {
      names: ["sharp"],
      archivePart: nothing,
      manifests: [
        {
          name: "sharp",
          version: "1.2.3",
          dependencies: { "@img/colour": "1" },
          optionalDependencies: { other: "1" },
        },
        { name: "@img/colour", version: "1.0.0" },
      ],
    },
  };
}
