/** Parameters that MySQL and MariaDB have in common and both change while running. */
const DYNAMIC = new Set([
  "connect_timeout",
  "event_scheduler",
  "general_log",
  "group_concat_max_len",
  "innodb_lock_wait_timeout",
  "interactive_timeout",
  "lock_wait_timeout",
  "log_bin_trust_function_creators",
  "long_query_time",
  "max_allowed_packet",
  "max_connect_errors",
  "max_connections",
  "max_heap_table_size",
  "net_read_timeout",
  "net_write_timeout",
  "require_secure_transport",
  "slow_query_log",
  "time_zone",
  "tmp_table_size",
  "wait_timeout",
]);

/** The parameters of a parameter group that the twin's server takes, and the names of those it leaves out. */
export interface Applicable {
  readonly applied: readonly (readonly [name: string, value: string])[];
  readonly ignored: readonly string[];
}

/** Sorts out which parameters can be applied; formulas of RDS ("{DBInstanceClassMemory/…}") cannot. */
export function applicable(parameters: Readonly<Record<string, string>>): Applicable {
  const entries = Object.entries(parameters);
  const can = ([name, value]: readonly [string, string]) => DYNAMIC.has(name) && /^[\w.:+/-]+$/.test(value);
  return {
    applied: entries.filter(can),
    ignored: entries.filter((entry) => !can(entry)).map(([name]) => name),
  };
}

/** The parameters as options of mariadbd. */
export function serverOptions({ applied }: Applicable): string[] {
  return applied.map(([name, value]) => `--${name.replaceAll("_", "-")}=${value}`);
}

/** The parameters as statements for a running server. */
export function setStatements({ applied }: Applicable): string {
  const lines = applied.map(([name, value]) => {
    const bare = /^-?\d+(\.\d+)?$|^(ON|OFF)$/i.test(value);
    return `SET GLOBAL ${name} = ${bare ? value : `'${value}'`};\n`;
  });
  return lines.join("");
}
