import { stripVTControlCharacters } from "node:util";

/** A line of `packer build -machine-readable`: comma-separated, with commas and line ends in its data escaped. */
export type PackerEvent =
  /** Packer's own steps. */
  | { readonly kind: "said"; readonly text: string }
  /** What its steps and Ansible write. */
  | { readonly kind: "detail"; readonly text: string }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "artifact"; readonly region: string; readonly image: string };

/** What a line tells us, or undefined for lines that are about nothing we show. */
export function parsePackerLine(line: string): PackerEvent | undefined {
  const [, , type, ...data] = line.split(",").map(decode);
  if (type === "ui") {
    const [level, text = ""] = data;
    const plain = withoutMark(text);
    if (plain === "") return undefined;
    return { kind: level === "error" ? "error" : level === "say" ? "said" : "detail", text: plain };
  }
  // artifact,0,id,us-east-1:ami-0123
  if (type === "artifact" && data[1] === "id") {
    const [region = "", image = ""] = (data[2] ?? "").split(":");
    return image.startsWith("ami-") ? { kind: "artifact", region, image } : undefined;
  }
  return undefined;
}

function decode(part: string): string {
  return part.replaceAll("%!(PACKER_COMMA)", ",").replaceAll("\\n", "\n").replaceAll("\\r", "");
}

/** "==> amazon-ebs.webapp: Creating …" without the mark, the build's name and colors. */
function withoutMark(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/^(==> | *)[\w-]+\.[\w-]+: ?/gm, "")
    .trim();
}
