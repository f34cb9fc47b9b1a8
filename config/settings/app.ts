/** How the load balancer reaches the app. */
export interface AppSettings {
  /** TCP port the app listens on, 1 to 65535 but not 22; from 1024 on with `compute.fargate`, where the app is nobody. */
  readonly port: number;
  /**
   * Path that answers 200 as long as the process can serve. It must not ask the database: a database that
   * is away would make the group replace healthy instances in a loop.
   */
  readonly healthCheckPath: string;
}
