/** An option that somebody turns on in an environment that is deployed. */
export interface ChangedOption {
  readonly option: string;
  /** The change of config/environments/dev.ts. */
  readonly edit: (text: string) => string;
}

const put = (after: RegExp, field: string) => (text: string) =>
  text.replace(after, (found) => `${found} ${field},`);
const intoNetwork = (field: string) => put(/network: \{/, field);
const intoEdge = (field: string) => put(/edge: \{/, field);
const intoDatabase = (field: string) => put(/database: \{/, field);

/** What the table in docs/options.md says of these is what their plans show. */
export const changedOptions: readonly ChangedOption[] = [
  { option: "network.nat", edit: (text) => text.replace('nat: "single"', 'nat: "per-zone"') },
  { option: "network.networkAcls", edit: intoNetwork("networkAcls: true") },
  { option: "network.flowLogs", edit: intoNetwork("flowLogs: { retentionDays: 7 }") },
  {
    option: "edge.https",
    edit: intoEdge('https: { domainName: "dev.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" }'),
  },
  { option: "edge.webAcl", edit: intoEdge('webAcl: { mode: "count" }') },
  { option: "edge.accessLogs", edit: intoEdge("accessLogs: { retentionDays: 7 }") },
  { option: "database.readReplica", edit: intoDatabase("readReplica: {}") },
  { option: "database.multiAz", edit: (text) => text.replace("multiAz: false", "multiAz: true") },
  { option: "database.maxAllocatedStorage", edit: intoDatabase("maxAllocatedStorage: 100") },
  {
    option: "storage",
    edit: (text) =>
      text.replace("} satisfies", "  storage: { photos: true, directoryTable: true },\n} satisfies"),
  },
];
