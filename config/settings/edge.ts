/** The public side. */
export interface EdgeSettings {
  /** When the load balancer takes an instance for healthy. */
  readonly healthCheck: HealthCheckSettings;
  /**
   * Seconds an instance that leaves may finish its requests, 0 to 3600.
   * @default 30
   */
  readonly deregistrationDelay?: number;
  /** HTTPS on port 443, and 80 sent there by a 301. Certificate and DNS are free, the hosted zone is about $0.50. */
  readonly https?: HttpsSettings;
  /**
   * CloudFront in front, with `https` and in us-east-1: the load balancer then has no public address, and CloudFront
   * alone reaches it, from inside the VPC. About $0.085 per GB and $0.01 per 10,000 requests.
   */
  readonly cloudFront?: CloudFrontSettings;
  /** A web application firewall in front. About $5, $1 per rule, and $0.60 per million requests. */
  readonly webAcl?: WebAclSettings;
  /** Every request, kept in S3. About $0.023 per GB. */
  readonly accessLogs?: AccessLogSettings;
  /** Answers that the load balancer gives without the app, by path or host. Free up to ten. */
  readonly listenerRules?: readonly ListenerRuleSettings[];
}

/** A name, and a certificate for it. */
export interface HttpsSettings {
  /** Where a browser finds the app, for example `app.example.com`. */
  readonly domainName: string;
  /** Id of the Route 53 zone that the name is in: the certificate is proved there, and the alias put there. */
  readonly hostedZoneId: string;
  /**
   * What a client must speak at least: TLS 1.2 or 1.3; with `cloudFront` 1.2.
   * @default "1.2"
   */
  readonly minimumTls?: "1.2" | "1.3";
}

/** The content delivery network. Nothing is cached but what it may: answers of an app differ from user to user. */
export interface CloudFrontSettings {
  /**
   * Where it answers: `"100"` North America and Europe, `"200"` also Asia, Africa and the Middle East, `"all"`.
   * @default "100"
   */
  readonly priceClass?: "100" | "200" | "all";
}

/** AWS's managed rules for common attacks, known bad inputs and SQL injection, and a limit per client address. */
export interface WebAclSettings {
  /** `count` only counts what it would block: begin with it, and read the counts. */
  readonly mode: "count" | "block";
  /**
   * Requests a client address may send in five minutes, 100 to 20,000,000.
   * @default 2000
   */
  readonly requestsPer5Minutes?: number;
}

/** The load balancer's log. */
export interface AccessLogSettings {
  /** Days a log file is kept, 1 to 3650. */
  readonly retentionDays: number;
}

/** When and what the load balancer answers by itself. */
export interface ListenerRuleSettings {
  /** The lowest is asked first, 1 to 50000; each once. */
  readonly priority: number;
  /** Paths it is for, with `*` and `?`; one to five together with `hosts`. */
  readonly paths?: readonly string[];
  /** Host names it is for, with `*` and `?`. */
  readonly hosts?: readonly string[];
  /** Another place, for good (301), or an answer of its own. */
  readonly answer:
    | { readonly redirectTo: { readonly host?: string; readonly path?: string } }
    | { readonly status: number; readonly body: string };
}

/** Health check of the target group. An instance is found dead after `interval` × `unhealthyThreshold`. */
export interface HealthCheckSettings {
  /** Seconds between two checks, 5 to 300. */
  readonly interval: number;
  /** Seconds to wait for the answer, 2 to 120, less than `interval`. */
  readonly timeout: number;
  /** Checks in a row that must pass, 2 to 10. */
  readonly healthyThreshold: number;
  /** Checks in a row that must fail, 2 to 10. */
  readonly unhealthyThreshold: number;
}
