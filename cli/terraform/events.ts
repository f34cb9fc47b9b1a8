/** The lines of `terraform plan -json` and `terraform apply -json` that we show. Source: Terraform's "Machine-Readable UI". */
export type TerraformEvent =
  | { readonly type: "planned_change" | "resource_drift"; readonly change: Change }
  | { readonly type: "change_summary"; readonly changes: ChangeSummary }
  | {
      readonly type: "apply_start" | "apply_progress" | "apply_complete" | "apply_errored";
      readonly hook: ApplyHook;
    }
  | { readonly type: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly type: "refresh_start" | "refresh_complete"; readonly hook: { readonly resource: Resource } };

/** A resource, by its address in the stack. */
export interface Resource {
  readonly addr: string;
  readonly resource_type: string;
}

/** A change that a plan holds. */
export interface Change {
  readonly resource: Resource;
  readonly action:
    | "create"
    | "update"
    | "delete"
    | "replace"
    | "read"
    | "noop"
    | "move"
    | "import"
    | "remove";
  readonly reason?: string;
}

/** How many resources a plan changes, or an apply has changed. */
export interface ChangeSummary {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly operation: "plan" | "apply" | "destroy";
}

interface ApplyHook {
  readonly resource: Resource;
  readonly action: "create" | "update" | "delete" | "read";
  readonly elapsed_seconds?: number;
}

/** An error or a warning of Terraform or the provider. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly snippet?: { readonly context?: string | null };
}

const KNOWN = new Set<string>([
  "planned_change",
  "resource_drift",
  "change_summary",
  "apply_start",
  "apply_progress",
  "apply_complete",
  "apply_errored",
  "diagnostic",
  "refresh_start",
  "refresh_complete",
] satisfies TerraformEvent["type"][]);

/** The event of a line, or undefined for lines that are none of those we show. */
export function parseEvent(line: string): TerraformEvent | undefined {
  try {
    const event: { type?: string } = JSON.parse(line);
    if (event.type === undefined || !KNOWN.has(event.type)) return undefined;
    return placed(event as TerraformEvent);
  } catch {
    return undefined;
  }
}

/** A condition of a resource that does not hold names the resource by the place in the file alone. */
function placed(event: TerraformEvent): TerraformEvent {
  if (event.type !== "diagnostic" || event.diagnostic.address !== undefined) return event;
  const [, address] = /^resource\.([^.]+\.[^.]+)/.exec(event.diagnostic.snippet?.context ?? "") ?? [];
  return address === undefined ? event : { ...event, diagnostic: { ...event.diagnostic, address } };
}

/** A diagnostic in a few lines, without the boxes that Terraform draws. */
export function describeDiagnostic(diagnostic: Diagnostic): string {
  const where = diagnostic.address ? `${diagnostic.address}: ` : "";
  const detail = diagnostic.detail ? `\n${diagnostic.detail.trim().replace(/^/gm, "    ")}` : "";
  return `  ${where}${diagnostic.summary}${detail}`;
}
