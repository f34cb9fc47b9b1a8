import { Graphviz } from "@hpcc-js/wasm-graphviz";
import type { Architecture, Edge, Node } from "./describe.ts";

/** Colours as classes, so that the picture follows the reader's theme. */
const STYLE = `
text { font-family: Helvetica, Arial, sans-serif; fill: #1f2933; }
.node path, .node polygon { stroke: #52606d; fill: #ffffff; }
.node text:first-of-type { font-weight: 600; }
.edge path { stroke: #7b8794; }
.edge polygon { stroke: #7b8794; fill: #7b8794; }
.edge text, .cluster text { fill: #52606d; }
.cluster polygon, .cluster path { stroke: #9aa5b1; fill: #f5f7fa; }
.tier polygon, .tier path { fill: #e4e7eb; stroke: none; }
.edge-kind path { fill: #f3e8ff; stroke: #7c3aed; }
.compute path { fill: #ffedd5; stroke: #c2410c; }
.data path { fill: #dbeafe; stroke: #1d4ed8; }
.operations path { fill: #fce7f3; stroke: #be185d; }
.network path { fill: #dcfce7; stroke: #15803d; }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7eb; }
  .edge text, .cluster text { fill: #9aa5b1; }
  .cluster polygon, .cluster path { fill: #1f2933; stroke: #52606d; }
  .tier polygon, .tier path { fill: #323f4b; stroke: none; }
  .node path, .node polygon { fill: #323f4b; stroke: #9aa5b1; }
  .edge-kind path { fill: #3b2167; stroke: #a78bfa; }
  .compute path { fill: #4a2511; stroke: #fb923c; }
  .data path { fill: #16295c; stroke: #60a5fa; }
  .operations path { fill: #4c1033; stroke: #f472b6; }
  .network path { fill: #0f3a20; stroke: #4ade80; }
}
`;

/** The picture of an architecture, as SVG: the same bytes for the same architecture, anywhere. */
export async function draw(architecture: Architecture): Promise<string> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.layout(dotOf(architecture), "svg", "dot");
  return svg
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/<\?xml[\s\S]*?\?>\n?|<!DOCTYPE[\s\S]*?>\n?/g, "")
    .replace(/<title>[\s\S]*?<\/title>\n?/g, "")
    .replace(
      /(<svg[^>]*>)/,
      `$1\n<title>${architecture.network}: what is there, and who reaches whom</title>\n<style>${STYLE}</style>`,
    )
    .replace(/<polygon fill="white" stroke="none"[^>]*\/>\n?/, "")
    .replace(/ (?:fill|stroke)="(?!none)[^"]*"/g, "");
}

/** Graphviz' own language. */
export function dotOf({ network, tiers, nodes, edges }: Architecture): string {
  const placed = (tier: string | undefined) => nodes.filter((node) => node.tier === tier).map(nodeLine);
  const isAlone = ({ id }: Node) => !edges.some(({ from, to }) => from === id || to === id);
  const outside = nodes.filter(({ tier }) => tier === undefined);
  const around = outside.filter(isAlone);
  return [
    "digraph {",
    '  graph [rankdir=TB, nodesep=0.45, ranksep=0.6, pad=0.2, fontname="Helvetica", fontsize=12, compound=true]',
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11, margin="0.2,0.12", height=0.5]',
    '  edge [fontname="Helvetica", fontsize=10, arrowsize=0.7]',
    ...outside.filter((node) => !isAlone(node)).map((node) => `  ${nodeLine(node)}`),
    '  subgraph cluster_around { label="around it"; labeljust=l; style=rounded;',
    ...around.map((node) => `    ${nodeLine(node)}`),
    // One below the other: a row of them would be wider than all the rest.
    ...around
      .slice(1)
      .map(({ id }, index) => `    ${quote(around[index]?.id ?? "")} -> ${quote(id)} [style=invis]`),
    "  }",
    `  subgraph cluster_network { label=${quote(network)}; labeljust=l; style=rounded;`,
    ...tiers.flatMap(({ name, subnets }, index) => [
      `    subgraph cluster_${index} { class=tier; style=rounded; labeljust=l; label=${quote(`${name} subnets\\l${subnets.join("     ")}\\l`)};`,
      ...placed(name).map((line) => `      ${line}`),
      "    }",
    ]),
    "  }",
    ...edges
      .filter(({ from, to }) => [from, to].every((id) => nodes.some((node) => node.id === id)))
      .map(edgeLine),
    "}",
    "",
  ].join("\n");
}

function edgeLine({ from, to, label, isUpwards = false }: Edge): string {
  return `  ${quote(from)} -> ${quote(to)} [label=${quote(label ? ` ${label} ` : "")}, constraint=${!isUpwards}]`;
}

function nodeLine({ id, lines, kind }: Node): string {
  return `${quote(id)} [class=${quote(kind === "edge" ? "edge-kind" : kind)}, label=${quote(lines.join("\\n"))}]`;
}

/** A string of Graphviz; its own line ends in it stay. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}
