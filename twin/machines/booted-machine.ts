import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnvironmentFile } from "../fleet/environment-file.ts";
import { LogShipper } from "../fleet/log-shipper.ts";
import type { MachineOptions, MachineState } from "../fleet/machine.ts";
import { messageOf } from "../http-json.ts";
import { LogFile } from "../log.ts";
import { MetadataServer } from "../metadata/metadata-server.ts";
import type { Instance } from "../world.ts";
import { followAppOutput } from "./app-output.ts";
import { Bridge, type Reachable } from "./bridge.ts";
import { Container } from "./container.ts";
import { machineProblem } from "./requirements.ts";

/** EC2 gives a machine some time to power off; the app's unit takes up to 30 s of it. */
const STOP_GRACE_MS = 30_000;
const METADATA = { address: "169.254.169.254", port: 80 };
/** Where the machine sees what of the twin it needs. */
const TWIN_INSIDE = "/run/webstead-twin";
const DROP_IN_INSIDE = "/run/systemd/system/webapp.service.d";

/** One instance made real: the operating system of its image, booted in a network of its own. */
export class BootedMachine {
  readonly instance: Instance;
  state: MachineState = "booting";
  /** The loopback port of the host that leads to the app, once the machine has its network. */
  port: number | undefined;
  /** The port the app has on its instance (PORT of its user data). */
  instancePort: number | undefined;
  private readonly options: MachineOptions;
  private readonly log: LogFile;
  private readonly console: LogFile;
  private metadata: MetadataServer | undefined;
  private bridge: Bridge | undefined;
  private container: Container | undefined;
  private shipper: LogShipper | undefined;
  private unfollow: (() => Promise<void>) | undefined;
  private booting: Promise<void> = Promise.resolve();

  constructor(instance: Instance, options: MachineOptions) {
    this.instance = instance;
    this.options = options;
    this.log = new LogFile(options.state.log(instance.id));
    this.console = new LogFile(options.state.log(`${instance.id}.console`));
  }

  /** The process that holds the whole machine: killing it is pulling the plug. */
  get pid(): number | undefined {
    return this.container?.pid;
  }

  /** Boots this root file system. Never rejects: a machine that does not come up is dead, its log says why. */
  start(root: string): void {
    this.booting = this.boot(root).catch((error) => this.die(messageOf(error)));
  }

  /** Powers off; the plug is pulled 30 s later. */
  async stop(): Promise<void> {
    this.state = "stopping";
    await this.container?.stop(STOP_GRACE_MS);
    await this.booting;
    await this.unfollow?.();
    await this.bridge?.close();
    this.metadata?.close();
    await this.shipper?.flush();
    this.log.close();
    this.console.close();
    rmSync(this.folder, { recursive: true, force: true });
    this.state = "stopped";
  }

  private get folder(): string {
    return this.options.state.path("instances", this.instance.id);
  }

  private async boot(root: string): Promise<void> {
    const { state, processes, client } = this.options;
    const { id, account, region, userData, privateIp } = this.instance;
    const problem = machineProblem();
    if (problem !== undefined) throw new Error(problem);
    const given = parseEnvironmentFile(Buffer.from(userData ?? "", "base64").toString());
    const group = given.LOG_GROUP;
    if (group) this.shipper = new LogShipper(client, { account, region, group, stream: id });
    mkdirSync(this.folder, { recursive: true });
    this.instancePort = portOf(given.PORT) ?? 80;
    this.bridge = await Bridge.open({
      name: id,
      processes,
      socket: (name) => state.socket(join("instances", id, `${name}.sock`)),
      machinePort: this.instancePort,
      reachable: await this.reachable(given),
      onOutput: (text) => this.console.write(text),
    });
    if (this.state !== "booting") return;
    this.port = this.bridge.port;
    this.container = new Container({
      name: id,
      hostname: `ip-${(privateIp ?? "0.0.0.0").replaceAll(".", "-")}`,
      root,
      shared: true,
      folder: this.folder,
      networkOf: this.bridge.pid,
      folders: this.twinFolders(),
      processes,
      onOutput: (text) => this.console.write(text),
    });
    this.container.onExit(() => {
      this.die("the machine went off by itself");
      void this.unfollow?.();
    });
    const leader = await this.container.leader();
    if (this.state !== "booting") return;
    this.state = "running";
    this.unfollow = followAppOutput({ name: id, processes, leader, onOutput: (text) => this.tell(text) });
  }

  /** Metadata service, AWS API and database, under the addresses that the image would use anyway. */
  private async reachable(given: Readonly<Record<string, string>>): Promise<Reachable[]> {
    this.metadata = new MetadataServer(this.instance);
    const metadata = new URL(await this.metadata.open());
    const api = new URL(this.options.awsEndpoint);
    const host = given.DB_HOST ?? "";
    const port = portOf(given.DB_PORT ?? "3306");
    return [
      { ...METADATA, at: { host: metadata.hostname, port: Number(metadata.port) } },
      { address: api.hostname, port: Number(api.port), at: { host: api.hostname, port: Number(api.port) } },
      ...(/^127\.\d+\.\d+\.\d+$/.test(host) && port !== undefined
        ? [{ address: host, port, at: { host, port } }]
        : []),
    ];
  }

  /** What must differ from AWS: where its API is, and who signed the database's certificate. */
  private twinFolders(): Record<string, string> {
    const [dropIn, twin] = [join(this.folder, "drop-in"), join(this.folder, "twin")];
    for (const folder of [dropIn, twin]) mkdirSync(folder, { recursive: true, mode: 0o755 });
    copyFileSync(this.options.state.caCertificate, join(twin, "database-ca.pem"));
    const variables = {
      AWS_ENDPOINT_URL: this.options.awsEndpoint,
      DB_CA_FILE: `${TWIN_INSIDE}/database-ca.pem`,
    };
    const lines = Object.entries(variables).map(([name, value]) => `Environment=${name}=${value}\n`);
    writeFileSync(join(dropIn, "twin.conf"), `[Service]\n${lines.join("")}`);
    return { [DROP_IN_INSIDE]: dropIn, [TWIN_INSIDE]: twin };
  }

  private tell(text: string): void {
    this.log.write(text);
    this.shipper?.write(text);
  }

  private die(reason: string): void {
    if (this.state !== "booting" && this.state !== "running") return;
    this.state = "dead";
    this.log.write(`twin: ${this.instance.id} is dead: ${reason}\n`);
  }
}

/** The user data may say anything. */
function portOf(text = ""): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
