/** How the app's AWS clients work: a request of a user waits for them, so they give up early. */
export const AWS_CLIENT = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 4000,
    throwOnRequestTimeout: true,
  },
};

const PASSING = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestTimeout",
  "SlowDown",
  "ThrottlingException",
  "TransactionInProgressException",
]);

/** Whether an error of an AWS client will pass: it did not get an answer, or one that says to come again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { httpStatusCode } = ("$metadata" in error ? error.$metadata : {}) as { httpStatusCode?: number };
  return httpStatusCode === undefined || httpStatusCode >= 500 || PASSING.has(error.name);
}
