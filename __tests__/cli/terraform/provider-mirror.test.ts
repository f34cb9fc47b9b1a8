import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  findProviderMirror,
  mirrorVariables,
  terraformPlatform,
} from "../../../cli/terraform/provider-mirror.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mirror-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function layOutProvider(mirror: string, platform = terraformPlatform()): string {
  mkdirSync(join(mirror, "registry.terraform.io/hashicorp/aws/5.100.0", platform), { recursive: true });
  return mirror;
}

test("the plugin cache is taken when it holds the pinned provider for this platform", () => {
  const cache = layOutProvider(join(folder, "cache"));
  expect(findProviderMirror({ TF_PLUGIN_CACHE_DIR: cache })).toBe(cache);
});

test("a mirror for another platform is passed over", () => {
  const cache = layOutProvider(join(folder, "cache"), "plan9_mips");
  expect(findProviderMirror({ TF_PLUGIN_CACHE_DIR: cache })).not.toBe(cache);
});

test("Terraform's own folders are looked at", () => {
  const mirror = layOutProvider(join(folder, "share/terraform/plugins"));
  expect(findProviderMirror({ XDG_DATA_HOME: join(folder, "share") })).toBe(mirror);
  expect(findProviderMirror({ XDG_DATA_DIRS: `/nowhere:${join(folder, "share")}` })).toBe(mirror);
});

test("a configuration file that the user has is left alone", () => {
  const own = join(folder, "own.rc");
  writeFileSync(own, "");
  const cache = layOutProvider(join(folder, "cache"));
  const file = join(folder, "ours.rc");
  expect(mirrorVariables({ TF_CLI_CONFIG_FILE: own, TF_PLUGIN_CACHE_DIR: cache }, file)).toEqual({});
  expect(existsSync(file)).toBe(false);
});

test("a configuration file that is named but missing is replaced by one that points to the mirror", () => {
  const cache = layOutProvider(join(folder, "cache"));
  const file = join(folder, "made/ours.rc");
  const variables = mirrorVariables(
    { TF_CLI_CONFIG_FILE: join(folder, "missing.rc"), TF_PLUGIN_CACHE_DIR: cache },
    file,
  );
  expect(variables).toEqual({ TF_CLI_CONFIG_FILE: file, TF_CLI_ARGS_providers_lock: `-fs-mirror=${cache}` });
  expect(readFileSync(file, "utf8")).toContain(`path    = "${cache}"`);
});
