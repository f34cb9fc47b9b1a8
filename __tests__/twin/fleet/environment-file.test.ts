import { expect, test } from "@jest/globals";
import { parseEnvironmentFile } from "../../../twin/fleet/environment-file.ts";

test("an environment file is read as systemd reads it", () => {
  const text =
    '# comment\n; too\n\nPORT=80\nURL=http://x/?a=b=c\nQUOTED="with space"\n SPACED = no\nEMPTY=\nnot a line\n';
  expect(parseEnvironmentFile(text)).toEqual({
    PORT: "80",
    URL: "http://x/?a=b=c",
    QUOTED: "with space",
    EMPTY: "",
  });
});
