/** An option that somebody changes in an environment that is deployed. */
export interface ChangedOption {
  /** Its path, as in docs/options.md. */
  readonly option: string;
  /** The change of config/environments/dev.ts. */
  readonly edit: (text: string) => string;
  /**
   * A change that is only planned: applied, it would lose data or stand in the way of going; or another environment of
   * this account has what there is one of.
   */
  readonly onlyPlanned?: true;
}

const put = (after: RegExp, field: string) => (text: string) =>
  text.replace(after, (found) => `${found} ${field},`);
const swap = (before: string, after: string) => (text: string) => text.replace(before, after);
const intoNetwork = (field: string) => put(/network: \{/, field);
const intoEdge = (field: string) => put(/edge: \{/, field);
const intoCompute = (field: string) => put(/compute: \{/, field);
const intoDatabase = (field: string) => put(/database: \{/, field);
const intoOperations = (field: string) => (text: string) =>
  put(
    /operations: \{/,
    field,
  )(text.includes("operations: {") ? text : text.replace("} satisfies", "  operations: {},\n} satisfies"));

/** What the table in docs/options.md says of these is what their plans show. */
export const changedOptions: readonly ChangedOption[] = [
  { option: "protect", edit: swap("protect: false", "protect: true"), onlyPlanned: true },
  { option: "app.port", edit: swap("port: 80,", "port: 8000,"), onlyPlanned: true },
  { option: "app.healthCheckPath", edit: swap('"/healthz"', '"/healthz?by=load-balancer"') },
  { option: "network.nat", edit: swap('nat: "single"', 'nat: "per-zone"') },
  { option: "network.networkAcls", edit: intoNetwork("networkAcls: true") },
  { option: "network.flowLogs", edit: intoNetwork("flowLogs: { retentionDays: 7 }") },
  { option: "edge.healthCheck.interval", edit: swap("interval: 10", "interval: 12") },
  { option: "edge.deregistrationDelay", edit: swap("deregistrationDelay: 10", "deregistrationDelay: 5") },
  {
    option: "edge.https",
    edit: intoEdge('https: { domainName: "dev.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" }'),
  },
  { option: "edge.webAcl", edit: intoEdge('webAcl: { mode: "count" }') },
  { option: "edge.accessLogs", edit: intoEdge("accessLogs: { retentionDays: 7 }") },
  {
    option: "edge.listenerRules",
    edit: intoEdge(
      'listenerRules: [{ priority: 1, paths: ["/old"], answer: { redirectTo: { path: "/" } } }]',
    ),
  },
  { option: "compute.instanceType", edit: swap('"t3.micro"', '"t3.small"') },
  { option: "compute.rootVolumeSize", edit: intoCompute("rootVolumeSize: 10") },
  {
    option: "compute.healthCheckGracePeriod",
    edit: swap("healthCheckGracePeriod: 60", "healthCheckGracePeriod: 70"),
  },
  { option: "compute.logRetentionDays", edit: swap("logRetentionDays: 7", "logRetentionDays: 14") },
  {
    option: "compute.scaling",
    edit: intoCompute("scaling: { minimum: 1, maximum: 2, cpuPercent: 70 }"),
  },
  { option: "database.instanceClass", edit: swap('"db.t4g.micro"', '"db.t4g.small"') },
  { option: "database.allocatedStorage", edit: intoDatabase("allocatedStorage: 30") },
  { option: "database.multiAz", edit: swap("multiAz: false", "multiAz: true") },
  { option: "database.backupRetentionDays", edit: intoDatabase("backupRetentionDays: 14") },
  {
    option: "database.finalSnapshot",
    edit: swap("finalSnapshot: false", "finalSnapshot: true"),
    onlyPlanned: true,
  },
  { option: "database.passwordVersion", edit: intoDatabase("passwordVersion: 2") },
  { option: "database.maxAllocatedStorage", edit: intoDatabase("maxAllocatedStorage: 100") },
  { option: "database.readReplica", edit: intoDatabase("readReplica: {}") },
  { option: "database.enhancedMonitoring", edit: intoDatabase("enhancedMonitoring: 60") },
  { option: "database.iamAuthentication", edit: intoDatabase("iamAuthentication: true") },
  { option: "database.name", edit: swap('name: "webapp"', 'name: "other"'), onlyPlanned: true },
  { option: "storage.photos", edit: swap("} satisfies", "  storage: { photos: true },\n} satisfies") },
  { option: "operations.customerKey", edit: intoOperations("customerKey: true"), onlyPlanned: true },
  // One trail is enough for an account, and examples/hardened has it.
  {
    option: "operations.trail",
    edit: intoOperations("trail: { retentionDays: 7 }"),
    onlyPlanned: true,
  },
  { option: "operations.alarms", edit: intoOperations('alarms: { email: "night@example.com" }') },
  { option: "operations.dashboard", edit: intoOperations("dashboard: true") },
  { option: "operations.bastion", edit: intoOperations('bastion: { access: "session-manager" }') },
  { option: "operations.operators", edit: intoOperations("operators: true") },
  {
    option: "operations.deployers",
    edit: intoOperations('deployers: { githubRepository: "example/shop" }'),
    onlyPlanned: true,
  },
];
