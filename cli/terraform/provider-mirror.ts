import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The provider that every stack pins; see constructs/. */
const PROVIDER = "registry.terraform.io/hashicorp/aws/5.100.0";

/**
 * A folder on this machine that holds the pinned AWS provider in Terraform's mirror layout, or undefined.
 * Looked for in the plugin cache, in the folders that Terraform itself looks in, and one level below /opt.
 */
export function findProviderMirror(
  environment: Readonly<Record<string, string>>,
  platform = terraformPlatform(),
): string | undefined {
  const data = (environment.XDG_DATA_DIRS ?? "/usr/local/share:/usr/share").split(":");
  const candidates = [
    environment.TF_PLUGIN_CACHE_DIR,
    join(homedir(), ".terraform.d/plugins"),
    join(environment.XDG_DATA_HOME ?? join(homedir(), ".local/share"), "terraform/plugins"),
    ...data.map((folder) => join(folder, "terraform/plugins")),
    ...foldersIn("/opt"),
  ];
  return candidates.find((folder) => folder && existsSync(join(folder, PROVIDER, platform)));
}

/** Terraform's name of this platform, for example "linux_amd64". */
export function terraformPlatform(): string {
  const architecture = { x64: "amd64", ia32: "386" }[process.arch as string] ?? process.arch;
  return `${process.platform === "win32" ? "windows" : process.platform}_${architecture}`;
}

/**
 * The variables that make Terraform use a mirror: a configuration file of our own, unless the user's own
 * configuration file exists. Without a mirror Terraform asks its registry, as it always does.
 *
 * @param file where to write the configuration
 */
export function mirrorVariables(
  environment: Readonly<Record<string, string>>,
  file: string,
): Record<string, string> {
  const own = environment.TF_CLI_CONFIG_FILE;
  if (own !== undefined && existsSync(own)) return {};
  const mirror = findProviderMirror(environment);
  if (mirror === undefined) return {};
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
`,
  );
  return {
    TF_CLI_CONFIG_FILE: file,
    // cdktf runs `terraform providers lock`, which looks at no configuration file
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
  };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
