import { expect, test } from "@jest/globals";
import { parsePackerLine } from "../../../cli/bake/packer-output.ts";

test("what Packer says is shown without its mark, and with its commas and lines", () => {
  expect(
    parsePackerLine("1700000000,,ui,say,==> amazon-ebs.webapp: Stopping%!(PACKER_COMMA) then waiting"),
  ).toEqual({
    kind: "said",
    text: "Stopping, then waiting",
  });
  expect(parsePackerLine("1,,ui,message,    amazon-ebs.webapp: one\\n    amazon-ebs.webapp: two")).toEqual({
    kind: "detail",
    text: "one\ntwo",
  });
});

test("errors are told from the rest", () => {
  expect(parsePackerLine("1,,ui,error,==> amazon-ebs.webapp: no such image")).toEqual({
    kind: "error",
    text: "no such image",
  });
});

test("colors are dropped", () => {
  expect(parsePackerLine("1,,ui,say,\u001b[1;32m==> amazon-ebs.webapp: ok\u001b[0m")).toEqual({
    kind: "said",
    text: "ok",
  });
});

test("the artifact is the image, by its region", () => {
  expect(parsePackerLine("1,amazon-ebs.webapp,artifact,0,id,us-east-1:ami-0123abcd")).toEqual({
    kind: "artifact",
    region: "us-east-1",
    image: "ami-0123abcd",
  });
  expect(parsePackerLine("1,amazon-ebs.webapp,artifact,1,id,manifest")).toBeUndefined();
});

test.each(["", "not a line of Packer", "1,,version,1.6.6", "1,amazon-ebs.webapp,artifact,0,files-count,0"])(
  "%j is nothing to show",
  (line) => {
    expect(parsePackerLine(line)).toBeUndefined();
  },
);
