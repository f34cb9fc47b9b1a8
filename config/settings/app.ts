/** The app: where it comes from, and how the load balancer reaches it. */
export interface AppSettings {
  /** TCP port the app listens on, 1 to 65535 but not 22; from 1024 on with `compute.fargate`, where the app is nobody. */
  readonly port: number;
  /**
   * Path that answers 200 as long as the process can serve. It must not ask the database: a database that
   * is away would make the group replace healthy instances in a loop.
   */
  readonly healthCheckPath: string;
  /**
   * Where the app lies: a folder, a tarball or a commit of a git repository. docs/your-app.md says what must be in it.
   * @default the folder `webapp`
   */
  readonly source?: AppSourceSettings;
}

/** One of three places. Only the commands that build a release read them. */
export type AppSourceSettings = FolderSource | TarballSource | GitSource;

/** An app on this machine, as it stands. */
export interface FolderSource {
  /** A folder, in this checkout or elsewhere: `webapp`, `../shop`. */
  readonly folder: string;
}

/** An app packed as a `.tar.gz`, known by its digest. */
export interface TarballSource {
  /** A tarball: a path, or an https URL. Of one that has a single folder at its top, that folder is the app. */
  readonly tarball: string;
  /** SHA-256 of that tarball, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** An app in another repository, known by its commit. */
export interface GitSource {
  /** A repository that git can fetch from: https, ssh, or a path. Submodules are not fetched. */
  readonly git: string;
  /** Id of the commit there, 40 hexadecimal digits: a branch or a tag may mean something else tomorrow. */
  readonly commit: string;
}
