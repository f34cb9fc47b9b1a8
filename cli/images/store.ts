import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";
import { ContainerImages } from "./container-images.ts";
import type { ImageUser } from "./graph.ts";
import { MachineImages } from "./machine-images.ts";
import type { ImageRecord, Verdict } from "./record.ts";

/** Where the images of an environment are kept. */
export interface ImageStore {
  /** All images of the project that environments of this kind can run, the newest first. */
  list(): Promise<ImageRecord[]>;
  /** Keeps on an image how it did in the environment. */
  mark(id: string, verdict: Verdict): Promise<void>;
  /** Who refers to each image that anything refers to. */
  users(): Promise<Map<string, ImageUser[]>>;
  /** Removes the environment's images that are too old and that nothing refers to. @returns the removed ones */
  removeOld(keep: number): Promise<ImageRecord[]>;
}

/** The store for what runs the environment's app: AMIs for instances, container images for tasks. */
export function imageStore(clients: Clients, environment: Environment): ImageStore {
  return environment.compute.fargate
    ? new ContainerImages(clients, environment)
    : new MachineImages(clients, environment);
}
