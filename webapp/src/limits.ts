import { HEADERS_TIMEOUT, KEEP_ALIVE_TIMEOUT } from "./load-balancer.ts";

/** Requests in progress at most; the next one is turned away. As many as may wait for a connection to the database. */
export const MOST_REQUESTS = 500;

/**
 * Connections at most; one more is closed at once. Twice the requests, since the load balancer keeps idle ones; each
 * takes a file descriptor and some kilobytes.
 */
export const MOST_CONNECTIONS = 2 * MOST_REQUESTS;

/**
 * Longest time in milliseconds that a client may take to send a body. It is what ends a client that sends a byte now and
 * then: the load balancer waits for whole headers, but passes a body on as it comes.
 */
const BODY_TIMEOUT = 30_000;

/** Bodies that one client may be sending at the same time; one more is 429. */
const MOST_BODIES = 100;

/** The longest time for a photo: 5 MB at 0.7 Mbit/s, where 1.5 Mbit/s would leave 3 s of the 30. */
const PHOTO_TIMEOUT = 60_000;

/**
 * Photos that one client may be sending at the same time; one more is 429. Half of those that are taken in at once, so
 * that no single client keeps everybody else from sending theirs.
 */
const MOST_PHOTOS = 4;

/** What the body of a route may take, as the route's `config`. */
export interface BodyLimits {
  /** What the bodies are, which are counted apart from others. */
  readonly kind: string;
  /** Longest time in milliseconds. */
  readonly timeout: number;
  /** How many of one client at once. */
  readonly most: number;
}

/** Of a route that says nothing. */
export const BODIES: BodyLimits = { kind: "body", timeout: BODY_TIMEOUT, most: MOST_BODIES };

/** Of a route that takes a photo. */
export const PHOTO_BODIES: BodyLimits = { kind: "photo", timeout: PHOTO_TIMEOUT, most: MOST_PHOTOS };

declare module "fastify" {
  interface FastifyContextConfig {
    bodies?: BodyLimits;
  }
}

/** How often, in milliseconds, connections are looked through for late headers: how late that limit may come. */
const CHECKING_INTERVAL = 5000;

/** Most bytes of a request's first line and headers; more is 431. Half of Node's default: the app sets one small cookie. */
const HEADER_SIZE = 8192;

/** Most bytes of a body; more is 413. The longest text as a form with every character escaped has 12,000. A route that takes more says so. */
const BODY_SIZE = 16 * 1024;

/** Longest part of a path that may be an id; more is 414. */
const PARAM_LENGTH = 100;

/**
 * Requests in ten seconds that one client may make if nobody says otherwise: 500 a second, about a fifth of what one
 * process answers. A client is an address, and behind one may be an office of a thousand people who open a page
 * at once; this is for the script that would take the app from everybody else.
 */
export const DEFAULT_RATE_LIMIT = 5000;

/** What the server takes from one client, as options of Fastify. */
export const SERVER_LIMITS = {
  bodyLimit: BODY_SIZE,
  routerOptions: { maxParamLength: PARAM_LENGTH },
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  // Less than the headers timeout, and Node takes each for the other.
  requestTimeout: HEADERS_TIMEOUT,
  http: {
    headersTimeout: HEADERS_TIMEOUT,
    connectionsCheckingInterval: CHECKING_INTERVAL,
    maxHeaderSize: HEADER_SIZE,
  },
} as const;
