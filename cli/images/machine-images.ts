import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";
import { imageUsers } from "./graph.ts";
import { type ImageRecord, markImage, projectImages, type Verdict } from "./record.ts";
import { readReferences } from "./references.ts";
import { removeOldImages } from "./removal.ts";
import type { ImageStore } from "./store.ts";

/** The AMIs of a project. */
export class MachineImages implements ImageStore {
  private readonly clients: Clients;
  private readonly environment: Environment;

  constructor(clients: Clients, environment: Environment) {
    this.clients = clients;
    this.environment = environment;
  }

  list(): Promise<ImageRecord[]> {
    return projectImages(this.clients.ec2, this.environment.project);
  }

  mark(id: string, verdict: Verdict): Promise<void> {
    return markImage(this.clients.ec2, this.environment, id, verdict);
  }

  async users() {
    return imageUsers(await readReferences(this.clients, this.environment.project));
  }

  removeOld(keep: number): Promise<ImageRecord[]> {
    return removeOldImages(this.clients, this.environment, keep);
  }
}
